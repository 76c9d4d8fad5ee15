/**
 * Flags of commands. A command declares them in a table; from it come parsing, the environment
 * variables and the help text. A flag wins over its environment variable.
 */

import { parseArgs } from 'node:util';
import { PimError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';

export interface Flag {
  /** What stands for its value in the help text. */
  readonly value: string;
  readonly help: string;
  /** May be given several times; in the environment, several values with blanks between. */
  readonly isList?: boolean;
}

export type FlagTable = Readonly<Record<string, Flag>>;

/** Every flag's values, in order; none where it was not given. */
export type FlagValues<Table extends FlagTable> = Readonly<Record<keyof Table, readonly string[]>>;

/** Flags of every command. They take no value. */
const COMMON = ['help', 'version'] as const;
const SHORT: Readonly<Record<string, string>> = { h: 'help', v: 'version' };

export type Parsed<Table extends FlagTable> =
  | { readonly asked: (typeof COMMON)[number] }
  | { readonly asked: null; readonly values: FlagValues<Table> };

/** `allow-origin` is `PIM_ALLOW_ORIGIN` in the environment. */
export function envName(flag: string): string {
  return `PIM_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * @throws options/unknown for a flag or a word that the table does not have
 * @throws options/invalid for a flag without its value, or twice where once is meant
 */
export function parseFlags<Table extends FlagTable>(
  table: Table,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed<Table> {
  const values = new Map(Object.keys(table).map((name) => [name, [] as string[]]));
  for (const token of tokensOf(table, args)) {
    if (token.kind === 'positional') throw unknown(token.value, Object.keys(table), 'no argument');
    if (token.kind !== 'option') continue;
    const name = SHORT[token.name] ?? token.name;
    const common = COMMON.find((each) => each === name);
    if (common !== undefined) return { asked: common };
    const given = values.get(name);
    if (given === undefined) throw unknown(token.rawName, flagNames(table), 'no flag');
    given.push(givenTo(token, table[name]?.value ?? ''));
    if (given.length > 1 && !table[name]?.isList) throw invalid(`--${name}`, 'given once');
  }
  for (const [name, given] of values) {
    const set = env[envName(name)];
    if (given.length > 0 || set === undefined || set.trim() === '') continue;
    given.push(...(table[name]?.isList ? set.trim().split(/[\s,]+/) : [set.trim()]));
  }
  return { asked: null, values: Object.fromEntries(values) as Record<keyof Table, string[]> };
}

/** The flags of `table`, one a line with its environment variable. */
export function describeFlags(table: FlagTable): string {
  const rows = Object.entries(table).map(([name, { help, isList, value }]) => [
    `--${name} ${value}${isList ? ' …' : ''}`,
    `${help} [${envName(name)}]`,
  ]);
  rows.push(['--help', 'This text.'], ['--version', 'The version.']);
  const width = Math.max(...rows.map(([left]) => (left as string).length));
  return rows.map(([left, right]) => `  ${(left as string).padEnd(width)}  ${right}`).join('\n');
}

function tokensOf(table: FlagTable, args: readonly string[]) {
  const options = Object.fromEntries([
    ...Object.keys(table).map((name) => [name, { type: 'string' as const }]),
    ...COMMON.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  // Not strict: parseArgs would refuse an unknown flag without saying which one was meant.
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens;
}

function givenTo(
  token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
  expected: string,
): string {
  const { inlineValue, rawName, value } = token;
  // `--port --host x` is a forgotten value, not a port called “--host”.
  const isMissing = value === undefined || value === '' || (!inlineValue && value.startsWith('-'));
  if (isMissing) throw invalid(rawName, `followed by ${expected}`);
  return value;
}

function flagNames(table: FlagTable): string[] {
  return [...Object.keys(table), ...COMMON].map((name) => `--${name}`);
}

export function unknown(name: string, names: readonly string[], what: string): PimError {
  const near = nearest(name, names);
  const hint = near === null ? '' : ` Did you mean “${near}”?`;
  return new PimError('options/unknown', `There is ${what} “${name}”.${hint}`, {
    option: name,
    nearest: near,
  });
}

function invalid(option: string, expected: string): PimError {
  const message = `“${option}” should be ${expected}.`;
  return new PimError('options/invalid', message, { option, expected });
}
