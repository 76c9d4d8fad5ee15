/** Every limit of the relay is in docs/limits.md, with its value. */

import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_LIMITS } from '../../relay/limits.js';

const rows = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'));

test('every limit stands in the table of the relay, with its value', () => {
  for (const [name, value] of Object.entries(DEFAULT_LIMITS)) {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${name}\``));
    assert.ok(row, name);
    assert.ok(
      row.split('|')[2]?.includes(value.toLocaleString('en')),
      `${name} is ${value}: ${row}`,
    );
  }
});

test.run();
