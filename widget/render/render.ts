/**
 * Draws descriptions into a node and, at the next drawing, changes only what differs. Children are
 * told apart by their key, or by their place and type; an absent one (`null`, `false`) keeps its
 * place. Nothing here turns text into markup.
 */

import { setAttributes } from './attributes.js';
import type { Component } from './component.js';
import { type Child, type Described, Fragment, type Props, type Ref } from './jsx-runtime.js';

type AnyComponent = Component<Props, object>;

/** One description as it stands on the page. */
interface Drawn {
  is: Described | string;
  readonly node: Element | Text | null;
  readonly component: AnyComponent | null;
  children: (Drawn | null)[];
  /** The node its own nodes are in. */
  readonly within: Drawn;
  /** The state that is on the page. */
  state: object | null;
}

const SVG = 'http://www.w3.org/2000/svg';

const roots = new WeakMap<Element, Drawn>();
const due = new Set<Drawn>();
/** What has to wait until everything is on the page, children first. */
let afterwards: (() => void)[] = [];

/** Draws `child` as the whole content of `place`. */
export function render(child: Child, place: Element): void {
  const root = roots.get(place) ?? rootOf(place);
  roots.set(place, root);
  fill(root, [child], root);
  arrange(root);
  settle();
}

function rootOf(node: Element): Drawn {
  const root = { is: '', node, component: null, children: [], state: null };
  return Object.assign(root, { within: root }) as unknown as Drawn;
}

function redraw(drawn: Drawn): void {
  if (due.size === 0) queueMicrotask(redrawDue);
  due.add(drawn);
}

function redrawDue(): void {
  const all = [...due];
  due.clear();
  for (const drawn of all) {
    // A drawing of its parent may have been before this one, or have taken it away.
    if (drawn.component?.state === drawn.state) continue;
    update(drawn, drawn.is);
    arrange(drawn.within);
  }
  settle();
}

function settle(): void {
  const calls = afterwards;
  afterwards = [];
  for (const call of calls) call();
}

/** Brings the children of `drawn`, whose nodes are in `within`, to what they are now. */
function fill(drawn: Drawn, children: readonly Child[], within: Drawn): void {
  const former = drawn.children;
  const byName = new Map(former.map((each, place) => [each && nameOf(each.is, place), each]));
  const kept = new Set<Drawn | null>();
  drawn.children = children.map((child, place) => {
    const is = descriptionOf(child);
    if (is === null) return null;
    const found = byName.get(nameOf(is, place));
    if (!found || kept.has(found) || typeOf(found.is) !== typeOf(is)) return make(is, within);
    kept.add(found);
    if (found.is !== is) update(found, is);
    return found;
  });
  for (const each of former) if (each !== null && !kept.has(each)) remove(each, true);
}

function descriptionOf(child: Child): Described | string | null {
  if (child === null || child === undefined || typeof child === 'boolean') return null;
  if (Array.isArray(child)) return { type: Fragment, props: { children: child }, key: undefined };
  return typeof child === 'object' ? (child as Described) : String(child);
}

const typeOf = (is: Described | string) => (typeof is === 'string' ? null : is.type);

/** Keys are texts here, so that none is taken for a place. */
const nameOf = (is: Described | string, place: number) =>
  typeof is === 'string' || is.key === undefined ? place : String(is.key);

const childrenOf = ({ children }: Props): readonly Child[] =>
  Array.isArray(children) ? children : [children as Child];

function make(is: Described | string, within: Drawn): Drawn {
  const drawn = { is, within, children: [], state: null, ...partsOf(is, within) };
  if (typeof is === 'string') return drawn;
  const { node, component } = drawn;
  if (node !== null) {
    fillNode(drawn, node as Element, {}, is.props);
    return drawn;
  }
  if (component !== null) component.redraw = () => redraw(drawn);
  fillView(drawn, is);
  afterwards.push(() => component?.componentDidMount?.());
  return drawn;
}

function partsOf(is: Described | string, within: Drawn): Pick<Drawn, 'node' | 'component'> {
  if (typeof is === 'string') return { node: document.createTextNode(is), component: null };
  const { type, props } = is;
  if (typeof type === 'string') {
    const isSvg = type === 'svg' || (within.node as Element).namespaceURI === SVG;
    const node = isSvg ? document.createElementNS(SVG, type) : document.createElement(type);
    return { node, component: null };
  }
  const isClass = type.prototype?.render !== undefined;
  const Made = type as unknown as new (props: Props) => AnyComponent;
  return { node: null, component: isClass ? new Made(props) : null };
}

function update(drawn: Drawn, is: Described | string): void {
  const { is: before, node, component, state } = drawn;
  drawn.is = is;
  if (typeof is === 'string') {
    (node as Text).data = is;
    return;
  }
  const { props } = before as Described;
  if (node !== null) return fillNode(drawn, node as Element, props, is.props);
  if (component?.shouldComponentUpdate?.(is.props, component.state) === false) {
    drawn.state = component.state;
    return;
  }
  const snapshot = component?.getSnapshotBeforeUpdate?.(props, state as object);
  fillView(drawn, is);
  afterwards.push(() => component?.componentDidUpdate?.(props, state as object, snapshot as never));
}

function fillNode(drawn: Drawn, node: Element, before: Props, now: Props): void {
  setAttributes(node, before, now);
  fill(drawn, childrenOf(now), drawn);
  arrange(drawn);
  const field = node as Element & { value?: unknown };
  if (now.value !== undefined && field.value !== now.value) field.value = now.value;
  if (now.ref === before.ref) return;
  refer(before, null);
  afterwards.push(() => refer(now, node));
}

function fillView(drawn: Drawn, { type, props }: Described): void {
  const { component } = drawn;
  if (component === null) {
    const view = type as (props: Props) => Child;
    fill(drawn, childrenOf({ children: view(props) }), drawn.within);
    return;
  }
  component.props = props;
  drawn.state = component.state;
  fill(drawn, childrenOf({ children: component.render(props, component.state) }), drawn.within);
}

/** Puts the nodes of `drawn` in order; those that are in their place are not touched. */
function arrange(drawn: Drawn): void {
  const parent = drawn.node as Element;
  let next: Node | null = null;
  const put = (each: Drawn | null): void => {
    if (each?.node) {
      const { node } = each;
      if (node.parentNode !== parent || node.nextSibling !== next) parent.insertBefore(node, next);
      next = node;
    } else each?.children.toReversed().forEach(put);
  };
  drawn.children.toReversed().forEach(put);
}

/** @param isTop whether its nodes have to be taken out one by one */
function remove(drawn: Drawn, isTop: boolean): void {
  const { is, node, component, children } = drawn;
  if (component !== null) {
    component.componentWillUnmount?.();
    component.redraw = () => undefined;
    drawn.state = component.state; // nothing of it is due any longer
  }
  if (node !== null && typeof is !== 'string') refer(is.props, null);
  if (isTop) node?.remove();
  for (const each of children) if (each) remove(each, isTop && node === null);
}

function refer(props: Props, node: Element | null): void {
  const ref = props.ref as Ref<Element> | undefined;
  if (typeof ref === 'function') ref(node);
  else if (ref) ref.current = node;
}
