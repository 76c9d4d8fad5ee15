/**
 * What an operator may set of a relay: one row each, from which come the flag, its environment
 * variable, the key of the config file and the help text. A flag wins over its environment variable,
 * which wins over the file. What the values may be is checked where they are used, once for all three.
 */

import { DEFAULT_PORT, type RelayOptions } from '../../relay/index.js';
import { PimError } from '../base/errors.js';
import { type FlagValues, unknown } from './flags.js';

/** How the words of a flag become the value that the config file would hold. */
const READ = {
  text: ([word]: readonly string[]) => word,
  texts: (words: readonly string[]) => words,
  // Only digits: Number('') is 0, and Number('0x1f') is a number, too.
  number: ([word = '']: readonly string[]) => (/^\d+$/.test(word) ? Number(word) : Number.NaN),
  switch: ([word]: readonly string[]) => word === 'true',
  limits: (words: readonly string[]) =>
    Object.fromEntries(
      words.map((word) => {
        const [name = '', value = ''] = word.split('=', 2);
        return [name, READ.number([value])];
      }),
    ),
} as const;

interface Setting {
  /** Its name in the config file, and among RelayOptions where createRelay takes it. */
  readonly option: string;
  readonly as: keyof typeof READ;
  readonly value?: string;
  readonly isList?: boolean;
  readonly help: string;
}

/** What `pim relay` takes beside --config. */
export const RELAY_SETTINGS = {
  port: {
    option: 'port',
    as: 'number',
    value: '<number>',
    help: `TCP port, 0 for a free one. Default ${DEFAULT_PORT}.`,
  },
  host: {
    option: 'host',
    as: 'text',
    value: '<name>',
    help: 'Where to listen. Default: this machine alone, or everywhere with --origin.',
  },
  origin: {
    option: 'origins',
    as: 'texts',
    value: '<url>',
    isList: true,
    help: 'Public origin, such as wss://relay.example. Default: this machine.',
  },
  'allow-origin': {
    option: 'allowOrigins',
    as: 'texts',
    value: '<url>',
    isList: true,
    help: 'Origin of pages that may connect. Default: all.',
  },
  limit: {
    option: 'limits',
    as: 'limits',
    value: '<name>=<number>',
    isList: true,
    help: 'A limit of docs/limits.md, such as sockets=20000.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Row = (typeof RELAY_SETTINGS)[keyof typeof RELAY_SETTINGS];

/** As an operator gave them: the names are known, the values are not checked yet. */
export type RelaySettings = Pick<RelayOptions, Row['option']>;

/**
 * @param file the parsed config file
 * @throws options/unknown for a key of the file that is no setting
 */
export function settingsOf(
  values: FlagValues<typeof RELAY_SETTINGS>,
  file: Readonly<Record<string, unknown>>,
): RelaySettings {
  const rows: readonly (readonly [string, Setting])[] = Object.entries(RELAY_SETTINGS);
  const known = rows.map(([, { option }]) => option);
  for (const name of Object.keys(file)) {
    if (!known.includes(name)) throw unknown(name, known, 'no setting');
  }
  const settings: Record<string, unknown> = { ...file };
  for (const [flag, { as, option }] of rows) {
    const words = values[flag as keyof typeof values];
    if (words.length === 0) continue;
    const given = READ[as](words);
    // Single limits are set beside those of the file.
    settings[option] = as === 'limits' ? { ...(file[option] as object), ...Object(given) } : given;
  }
  return settings as RelaySettings;
}

/** @throws options/invalid, with a cause where the file could not be read or is no JSON */
export function parseConfig(file: string, read: (path: string) => string): Record<string, unknown> {
  const expected = 'a file with a JSON object';
  const message = `“--config” should be ${expected}: ${file} is not.`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(read(file));
  } catch (cause) {
    throw new PimError('options/invalid', message, { option: '--config', expected }, cause);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  throw new PimError('options/invalid', message, { option: '--config', expected });
}
