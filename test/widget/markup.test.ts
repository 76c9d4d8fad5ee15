/** The small Markdown of messages: what is marked, what stays as it was typed, and at what cost. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_MARKS, type Mark, marks } from '../../widget/comforts/markup.js';

/** As a text one can read: `<bold x>`. */
const read = (all: readonly Mark[]): string =>
  all
    .map((mark) => {
      if (mark.kind === 'text') return mark.text;
      const inner = 'marks' in mark ? read(mark.marks) : mark.text;
      return `<${mark.kind} ${inner}>`;
    })
    .join('');
const reads = (text: string, expected: string): void =>
  assert.is(read(marks(text)), expected, text);

const count = (all: readonly Mark[]): number =>
  all.reduce((sum, mark) => {
    const inner = 'marks' in mark ? count(mark.marks) : 0;
    return sum + inner + (mark.kind === 'text' ? 0 : 1);
  }, 0);

test('marks what is between two signs', () => {
  reads('a **b c** d', 'a <bold b c> d');
  reads('*a* and _b_', '<italic a> and <italic b>');
  reads('**a *b* c**', '<bold a <italic b> c>');
  reads('`**a**`', '<code **a**>');
  reads('(**a**), *b*!', '(<bold a>), <italic b>!');
  reads('**نعم** *是*', '<bold نعم> <italic 是>');
});

test('fenced code keeps its lines and its signs', () => {
  reads(
    'see\n```ts\nconst a = `b`;\n**c**\n```\nthere',
    'see\n<block const a = `b`;\n**c**>\nthere',
  );
  reads('```x```', '<block x>');
  reads('a ``` b', 'a ``` b');
  reads('``` ```', '``` ```');
});

test('a sign that belongs to nothing stays where it was', () => {
  for (const text of [
    '2 * 3 * 4',
    '2*3*4',
    'snake_case_name',
    '**',
    '** a **',
    '*a',
    'a*',
    '*a\n\nb*',
    '`a\nb`',
    '``',
    '****',
    '5 * x, y * z',
  ]) {
    reads(text, text);
  }
  reads('*a *b*', '*a <italic b>');
  reads('**a *b** c*', '<bold a *b> c*');
});

test('an address keeps its signs, and is a link within marks', () => {
  reads('https://a.example/_b_c_', '<link https://a.example/_b_c>_');
  reads('**https://a.example/x**', '<bold <link https://a.example/x>>');
  reads('*see www.a.example*', '<italic see <link www.a.example>>');
});

test('with the switch off only links are found', () => {
  assert.is(read(marks('**a** https://a.example', true)), '**a** <link https://a.example>');
});

test('what turns text around is taken out; isolates of right-to-left texts stay', () => {
  reads('\u202Egnp.exe', 'gnp.exe');
  reads('a\u202Db\u202Cc', 'abc');
  reads('\u2067שלום\u2069', '\u2067שלום\u2069');
});

test('no text is lost, whatever signs it has', () => {
  const signs = ['*', '**', '_', '`', '```', '\n', '\n\n', ' ', 'a', 'é', 'https://a.example/'];
  let seed = 7;
  const next = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed;
  };
  for (let round = 0; round < 3_000; round += 1) {
    const text = Array.from({ length: 1 + (next() % 14) }, () => signs[next() % signs.length]).join(
      '',
    );
    const shown = (all: readonly Mark[]): string =>
      all.map((mark) => ('marks' in mark ? shown(mark.marks) : mark.text)).join('');
    const letters = (whole: string): string => whole.replace(/[*_`\n]/g, '');
    assert.is(letters(shown(marks(text))), letters(text), JSON.stringify(text));
  }
});

test('a megabyte is marked in no time, and makes few marks', () => {
  const size = 1_000_000;
  const fill = (piece: string): string =>
    piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  for (const piece of [
    '*',
    '**a',
    '*a ',
    '*a* ',
    '_a',
    '`',
    '`a` ',
    '```',
    '```\n',
    'a ',
    '\n\n',
    '*`_',
    '**a *b* ',
    'https://a.example/ ',
    'https://a.example/*',
    'www.',
    '(https://a.example/)))',
  ]) {
    const began = performance.now();
    const found = marks(fill(piece));
    const took = performance.now() - began;
    assert.ok(took < 3_000, `${JSON.stringify(piece)} took ${took} ms`);
    assert.ok(count(found) <= MAX_MARKS, `${JSON.stringify(piece)} made ${count(found)}`);
  }
});

test.run();
