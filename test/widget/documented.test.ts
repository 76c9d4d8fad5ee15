/** docs/widget.md and the element manifest name what there is: attributes, events, slots, parts, properties, states. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTRIBUTES } from '../../widget/reflected.js';
import { BASE } from '../../widget/styles/base.js';
import { INBOX_STYLES } from '../../widget/styles/inbox.js';
import { PANEL_STYLES } from '../../widget/styles/panel.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const document = read('docs/widget.md');
const element = read('widget/pim-chat.ts') + read('widget/reflected.ts');
const sources = readdirSync(join(ROOT, 'widget'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => read(join('widget', name)))
  .join('\n');

const all = (pattern: RegExp, text = sources): string[] =>
  [...new Set([...text.matchAll(pattern)].flatMap(([, found = '']) => found.split(' ')))].sort();

/** Without what the other list has. */
const beyond = (list: readonly string[], other: readonly string[]): string[] =>
  list.filter((each) => !other.includes(each));

const section = (title: string): string =>
  document.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test('every attribute has its row, and its line in the manifest', () => {
  const rows = all(/^\| `([\w-]+)` \| `\w+` \|/gm, section('Attributes'));
  assert.equal(rows, [...ATTRIBUTES].sort());
  assert.equal(all(/@attr ([\w-]+)/g, element), [...ATTRIBUTES].sort());
});

test('every event is listed', () => {
  const events = all(/'(pim-[a-z]+)':/g, read('widget/contract.ts'));
  assert.ok(events.length > 5);
  assert.equal(all(/`(pim-[a-z]+)`/g, section('Events')), events);
});

test('every part is listed, in the document and in the manifest', () => {
  // As written in views, in the launcher, and chosen between two.
  const parts = [
    ...all(/part="([\w -]+)"/g),
    ...all(/part: '([\w-]+)'/g),
    'message',
    'message-mine',
    'message-theirs',
  ];
  const used = [...new Set(parts)].sort();
  assert.ok(used.length > 10);
  assert.equal(
    beyond(used, all(/`([\w-]+)`/g, section('Parts').split('`pim-chat::part(…)`')[1])),
    [],
  );
  assert.equal(
    beyond(all(/`([\w-]+)`/g, section('Parts').split('`pim-chat::part(…)`')[1]), used),
    [],
  );
  assert.equal(
    beyond(used, [...all(/@csspart ([\w-]+)/g, element), 'message-mine', 'message-theirs']),
    [],
  );
});

test('every slot is listed, in the document and in the manifest', () => {
  const slots = [...all(/<slot name="([\w-]+)"/g), ...all(/'slot', \{ name: '([\w-]+)'/g)].sort();
  assert.equal(all(/^\| `([\w-]+)` \|/gm, section('Slots')), [...new Set(slots)]);
  assert.equal(all(/@slot ([\w-]+)/g, element), [...new Set(slots)]);
});

test('every custom property that the rules read is listed, and no other', () => {
  const used = all(/var\(--(pim-[\w-]+)/g, BASE + PANEL_STYLES + INBOX_STYLES);
  const listed = all(/`--(pim-[\w-]+)`/g, section('Custom properties'));
  assert.ok(used.length > 20);
  assert.equal(listed, used);
});

test('every state is listed', () => {
  const states = all(
    /'(\w+)'/g,
    /type CssState = (.*);/.exec(read('widget/css-states.ts'))?.[1] ?? '',
  );
  assert.equal(all(/:state\((\w+)\)/g, section('States')), states);
  assert.equal(all(/@cssState (\w+)/g, element), states);
});

test.run();
