/** Drawing: what comes onto the page, what stays there, and who is told. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Component, createRef } from '../../widget/render/component.js';
import { type Child, Fragment, jsx } from '../../widget/render/jsx-runtime.js';
import { render } from '../../widget/render/render.js';
import { turns } from './dom.js';

function place(): HTMLElement {
  const node = document.createElement('div');
  document.body.append(node);
  return node;
}

/** `<tag …>children</tag>`. */
const h = (tag: string, attributes: object = {}, ...children: Child[]) =>
  jsx(tag, { ...attributes, children });

const item = (key: string) => jsx('li', { children: key }, key);

test.after.each(() => document.body.replaceChildren());

test('draws elements, texts and views, and nothing for what is absent', () => {
  const node = place();
  const Name = ({ name }: { name: string }) => h('b', {}, name);
  const list = [h('i'), [jsx(Name, { name: 'Ada' })]];
  render(h('p', { class: 'a' }, 'x', 0, null, undefined, true, false, list), node);
  assert.is(node.innerHTML, '<p class="a">x0<i></i><b>Ada</b></p>');
  render(null, node);
  assert.is(node.innerHTML, '');
});

test('text is text, whatever it looks like', () => {
  const node = place();
  render(h('p', { title: '"><b>' }, '<b>bold</b>'), node);
  assert.is(node.querySelectorAll('b').length, 0);
  assert.is(node.textContent, '<b>bold</b>');
});

test('an absent child keeps the place of those behind it', () => {
  const node = place();
  const drawn = (hint: boolean) => h('form', {}, hint && h('p'), [hint && 'a'], h('input'));
  render(drawn(false), node);
  const field = node.querySelector('input');
  field?.focus();
  render(drawn(true), node);
  assert.is(node.querySelector('input'), field);
  assert.is(document.activeElement, field);
  assert.is(node.innerHTML, '<form><p></p>a<input></form>');
});

test('children with a key move with their nodes', () => {
  const node = place();
  render(h('ul', {}, ['a', 'b', 'c'].map(item)), node);
  const [a, b, c] = node.querySelectorAll('li');
  render(h('ul', {}, ['c', 'x', 'a'].map(item)), node);
  const [first, , third] = node.querySelectorAll('li');
  assert.is(node.textContent, 'cxa');
  assert.is(first, c);
  assert.is(third, a);
  assert.is(b?.isConnected, false);
});

test('twice the same key leaves nothing behind', () => {
  const node = place();
  render(h('ul', {}, ['a', 'a'].map(item)), node);
  assert.is(node.textContent, 'aa');
  render(h('ul', {}, ['b'].map(item)), node);
  assert.is(node.textContent, 'b');
});

test('attributes come, change and go; yes and no are values of aria and data', () => {
  const node = place();
  render(h('button', { disabled: true, title: 'a', 'aria-invalid': false }), node);
  const [button] = node.children;
  assert.is(button?.getAttribute('disabled'), '');
  assert.is(button?.getAttribute('aria-invalid'), 'false');
  render(h('button', { disabled: false, 'aria-invalid': true }), node);
  assert.is(button?.outerHTML, '<button aria-invalid="true"></button>');
});

test('pictures are SVG', () => {
  const node = place();
  render(h('svg', { viewBox: '0 0 1 1' }, h('path')), node);
  for (const each of node.querySelectorAll('*')) {
    assert.is(each.namespaceURI, 'http://www.w3.org/2000/svg');
  }
  assert.is(node.firstElementChild?.getAttribute('viewBox'), '0 0 1 1');
});

test('a listener calls what the last drawing gave', () => {
  const node = place();
  const heard: string[] = [];
  const drawn = (name: string | null) =>
    h('button', { onClick: name === null ? undefined : () => heard.push(name) });
  for (const name of ['first', 'second', null]) {
    render(drawn(name), node);
    node.querySelector('button')?.click();
  }
  assert.equal(heard, ['first', 'second']);
});

test('a field shows its value, and is left alone where it shows it already', () => {
  const node = place();
  render(h('textarea', { value: 'one' }), node);
  const field = node.querySelector('textarea') as HTMLTextAreaElement;
  assert.is(field.value, 'one');
  field.value = 'typed';
  render(h('textarea', { value: 'typed' }), node);
  assert.is(field.value, 'typed');
  render(h('textarea', { value: '' }), node);
  assert.is(field.value, '');
});

test('a ref is set once its node is on the page, and emptied after', () => {
  const node = place();
  const [ref, other] = [createRef<Element>(), createRef<Element>()];
  const seen: (boolean | undefined)[] = [];
  const told = (at: Element | null) => void seen.push(at?.isConnected);
  render(h('p', {}, h('b', { ref }), h('i', { ref: told })), node);
  assert.is(ref.current, node.querySelector('b'));
  render(h('p', {}, h('b', { ref: other }), h('i', { ref: told })), node);
  assert.is(ref.current, null);
  assert.is(other.current, node.querySelector('b'));
  render(h('p'), node);
  assert.is(other.current, null);
  assert.equal(seen, [true, undefined]);
});

interface Seen {
  readonly name: string;
  readonly calls: string[];
  readonly inside?: Child;
}

class Counter extends Component<Seen, { readonly count: number }> {
  override state = { count: 0 };

  #say(what: string): void {
    this.props.calls.push(`${this.props.name} ${what}`);
  }

  override componentDidMount(): void {
    this.#say('here');
  }

  override componentWillUnmount(): void {
    this.#say('gone');
  }

  override shouldComponentUpdate({ name }: Seen): boolean {
    return name !== 'still';
  }

  override getSnapshotBeforeUpdate(): number {
    return this.state.count;
  }

  override componentDidUpdate(_props: Seen, { count }: { count: number }, snapshot: number): void {
    this.#say(`${count} to ${this.state.count} (${snapshot})`);
  }

  override render({ name, inside }: Seen, { count }: { count: number }): Child {
    const more = () => this.setState({ count: this.state.count + 1 });
    return count > 2 ? null : h('button', { onClick: more }, `${name} ${count}`, inside);
  }
}

const counter = (name: string, calls: string[], inside?: Child) =>
  jsx(Counter, { name, calls, inside }, name);

test('a component draws itself anew when its state changes, once for several changes', async () => {
  const node = place();
  const calls: string[] = [];
  render([h('p'), counter('one', calls), h('hr')], node);
  const button = node.querySelector('button');
  button?.click();
  button?.click();
  assert.is(button?.textContent, 'one 0');
  await turns();
  assert.is(node.innerHTML, '<p></p><button>one 2</button><hr>');
  assert.equal(calls, ['one here', 'one 0 to 2 (2)']);
});

test('a component that draws nothing comes back in its place', async () => {
  const node = place();
  const held: Counter[] = [];
  class Held extends Counter {
    override componentDidMount(): void {
      held.push(this);
    }
  }
  render(h('div', {}, h('p'), jsx(Held, { name: 'a', calls: [] }), h('hr')), node);
  for (const [count, html] of [
    [3, '<p></p><hr>'],
    [1, '<p></p><button>a 1</button><hr>'],
  ] as const) {
    held[0]?.setState({ count });
    await turns();
    assert.is(node.innerHTML, `<div>${html}</div>`);
  }
});

test('children are told before their parents, and all once they are on the page', () => {
  const node = place();
  const calls: string[] = [];
  render(counter('outer', calls, counter('inner', calls)), node);
  render(jsx(Fragment, {}), node);
  assert.equal(calls, ['inner here', 'outer here', 'outer gone', 'inner gone']);
});

test('a component that needs no drawing keeps what it shows', () => {
  const node = place();
  const calls: string[] = [];
  render(h('p', {}, jsx(Counter, { name: 'one', calls })), node);
  render(h('p', {}, jsx(Counter, { name: 'still', calls })), node);
  assert.is(node.textContent, 'one 0');
});

test('what is gone is not drawn any longer', async () => {
  const node = place();
  const calls: string[] = [];
  render(counter('one', calls), node);
  node.querySelector('button')?.click();
  render(null, node);
  await turns();
  assert.is(node.innerHTML, '');
  assert.equal(calls, ['one here', 'one gone']);
});

test('a view that throws leaves the page as it was, and the next drawing works', () => {
  const node = place();
  const Broken = ({ isBroken }: { isBroken: boolean }) => {
    if (isBroken) throw new Error('broken');
    return 'whole';
  };
  render(h('p', {}, jsx(Broken, { isBroken: false })), node);
  assert.throws(() => render(h('p', {}, jsx(Broken, { isBroken: true })), node), 'broken');
  assert.is(node.textContent, 'whole');
  render(h('p', {}, jsx(Broken, { isBroken: false }), '!'), node);
  assert.is(node.textContent, 'whole!');
});

test.run();
