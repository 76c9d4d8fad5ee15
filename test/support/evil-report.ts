/** What each attack came to: asserted as it is written down, and printed as one page at the end. */

import * as assert from 'uvu/assert';
import type { ErrorCode } from '../../sdk/base/errors.js';
import type { Fault } from './people-plain.js';

const lines: string[] = [];

/** Attack → what it came to, in words. */
export function outcome(attack: string, result: string): void {
  lines.push(`${attack} → ${result}`);
}

/** An attack that achieves nothing but a clear error: its code, and one sentence. */
export function refusedWith(
  attack: string,
  fault: Fault | null | undefined,
  code: ErrorCode | readonly ErrorCode[],
  what = 'not connected',
): void {
  const codes = [code].flat();
  assert.ok(codes.includes(fault?.code as ErrorCode), `${attack}: ${fault?.code ?? 'no error'}`);
  assertSentence(fault?.message ?? '');
  outcome(attack, `${what} (${fault?.code}: “${fault?.message}”)`);
}

/** One sentence: a capital, an end, and no end before it. */
export function assertSentence(text: string): void {
  assert.match(text, /^[A-Z“][^.!?\n]{8,160}[.!?]$/, `not one sentence: ${text}`);
}

/** Prints the page; call it in `test.after`. */
export function printOutcomes(title: string): void {
  printTable(title, lines.join('\n  '));
}

export function printTable(title: string, table: string): void {
  const text = `${title}\n  ${table}`;
  // The runner shows what a file says of itself, also where all of it passed.
  if (process.send === undefined) console.log(text);
  else process.send({ is: 'said', text });
}
