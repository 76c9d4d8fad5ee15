/**
 * Flags of commands. A command declares them in a table; from it come parsing, the environment
 * variables and the help text. A flag wins over its environment variable.
 */

import { parseArgs } from 'node:util';
import { PimError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';

export interface Flag {
  /** What stands for its value in the help text. None: a switch, which takes no value. */
  readonly value?: string;
  readonly help: string;
  /** May be given several times; in the environment, several values with blanks between. */
  readonly isList?: boolean;
}

export type FlagTable = Readonly<Record<string, Flag>>;

/** Every flag's values, in order; none where it was not given. A switch is `true`, or `false` by the environment. */
export type FlagValues<Table extends FlagTable> = Readonly<Record<keyof Table, readonly string[]>>;

/** Flags of every command. They take no value. */
const COMMON = ['help', 'version'] as const;
const SHORT: Readonly<Record<string, string>> = { h: 'help', v: 'version' };

/** What a switch may be set to in the environment. */
const SWITCHED: Readonly<Record<string, boolean>> = {
  ...{ 1: true, true: true, yes: true, on: true },
  ...{ 0: false, false: false, no: false, off: false },
};

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
    given.push(givenTo(token, table[name] as Flag));
    if (given.length > 1 && !table[name]?.isList) throw invalid(`--${name}`, 'given once');
  }
  for (const [name, given] of values) {
    const set = env[envName(name)];
    if (given.length > 0 || set === undefined || set.trim() === '') continue;
    given.push(...fromEnvironment(name, set.trim(), table[name] as Flag));
  }
  return { asked: null, values: Object.fromEntries(values) as Record<keyof Table, string[]> };
}

/** The flags of `table`, one a line with its environment variable. */
export function describeFlags(table: FlagTable): string {
  const rows = Object.entries(table).map(([name, { help, isList, value }]) => [
    `--${name}${value === undefined ? '' : ` ${value}`}${isList ? ' …' : ''}`,
    `${help} [${envName(name)}]`,
  ]);
  rows.push(['--help', 'This text.'], ['--version', 'The version.']);
  const width = Math.max(...rows.map(([left]) => (left as string).length));
  return rows.map(([left, right]) => `  ${(left as string).padEnd(width)}  ${right}`).join('\n');
}

function tokensOf(table: FlagTable, args: readonly string[]) {
  const options = Object.fromEntries([
    ...Object.entries(table).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
    ...COMMON.map((name) => [name, { type: 'boolean' as const }]),
  ]);
  // Not strict: parseArgs would refuse an unknown flag without saying which one was meant.
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens;
}

function givenTo(
  token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
  flag: Flag,
): string {
  const { inlineValue, rawName, value } = token;
  if (flag.value === undefined) {
    if (value !== undefined) throw invalid(rawName, 'given without a value');
    return 'true';
  }
  // `--port --host x` is a forgotten value, not a port called “--host”.
  const isMissing = value === undefined || value === '' || (!inlineValue && value.startsWith('-'));
  if (isMissing) throw invalid(rawName, `followed by ${flag.value}`);
  return value;
}

function fromEnvironment(name: string, set: string, flag: Flag): readonly string[] {
  if (flag.value !== undefined) return flag.isList ? set.split(/[\s,]+/) : [set];
  const on = SWITCHED[set.toLowerCase()];
  if (on === undefined) throw invalid(envName(name), '1 or 0');
  return [String(on)];
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
