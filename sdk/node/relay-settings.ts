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
  /** A number of proxies, or their addresses. */
  proxies: (words: readonly string[]) =>
    words.length === 1 && /^\d+$/.test(words[0] as string) ? Number(words[0]) : words,
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
  path: {
    option: 'path',
    as: 'text',
    value: '<path>',
    help: 'Path of the WebSocket. Default: /',
  },
  'trust-proxy': {
    option: 'trustProxy',
    as: 'proxies',
    value: '<ip|cidr|number>',
    isList: true,
    help: 'Proxies whose X-Forwarded-For counts; also: loopback, private.',
  },
  'tls-cert': {
    option: 'tlsCert',
    as: 'text',
    value: '<file>',
    help: 'Certificate chain in PEM; read again at SIGHUP.',
  },
  'tls-key': { option: 'tlsKey', as: 'text', value: '<file>', help: 'Its private key in PEM.' },
  'tls-self-signed': {
    option: 'tlsSelfSigned',
    as: 'switch',
    help: 'TLS with a certificate of its own, to try pim on phones in the same network.',
  },
  'turn-url': {
    option: 'turnUrls',
    as: 'texts',
    value: '<url>',
    isList: true,
    help: 'TURN server to offer to clients, such as turn:turn.example.',
  },
  'turn-secret': {
    option: 'turnSecret',
    as: 'text',
    value: '<secret>',
    help: 'Its static-auth-secret; a flag is seen by everybody on this machine.',
  },
  'turn-secret-file': {
    option: 'turnSecretFile',
    as: 'text',
    value: '<file>',
    help: 'File that holds the secret.',
  },
  'turn-lifetime': {
    option: 'turnLifetimeS',
    as: 'number',
    value: '<seconds>',
    help: 'How long a TURN login is good for. Default: 3600.',
  },
  nats: {
    option: 'natsUrls',
    as: 'texts',
    value: '<url>',
    isList: true,
    help: 'NATS server, such as nats://nats.example, that makes several relays one.',
  },
  'nats-user': {
    option: 'natsUser',
    as: 'text',
    value: '<name>',
    help: 'Login there: a name and',
  },
  'nats-password': {
    option: 'natsPassword',
    as: 'text',
    value: '<word>',
    help: 'its password,',
  },
  'nats-token': { option: 'natsToken', as: 'text', value: '<token>', help: 'or a token,' },
  'nats-creds': { option: 'natsCreds', as: 'text', value: '<file>', help: 'or a .creds file.' },
  'nats-ca': {
    option: 'natsCa',
    as: 'text',
    value: '<file>',
    help: 'TLS to NATS: certificate of its authority,',
  },
  'nats-cert': { option: 'natsCert', as: 'text', value: '<file>', help: 'certificate of ours,' },
  'nats-key': { option: 'natsKey', as: 'text', value: '<file>', help: 'and its private key.' },
  'nats-subject': {
    option: 'natsSubject',
    as: 'text',
    value: '<words>',
    help: 'What subjects begin with. Default: pim.relay',
  },
  metrics: {
    option: 'metrics',
    as: 'switch',
    help: 'Answers /metrics to everybody. Default: only while nobody else can reach the relay.',
  },
  'metrics-port': {
    option: 'metricsPort',
    as: 'number',
    value: '<number>',
    help: 'A port of its own for /metrics, /healthz and /readyz.',
  },
  'metrics-host': {
    option: 'metricsHost',
    as: 'text',
    value: '<name>',
    help: 'Where that listens. Default: this machine alone.',
  },
  'log-level': {
    option: 'logLevel',
    as: 'text',
    value: '<level>',
    help: 'debug, info, warn or error. Default: info; at a terminal, warn.',
  },
  'log-ips': { option: 'logIps', as: 'switch', help: 'Names IPs in debug lines.' },
  'log-addresses': {
    option: 'logAddresses',
    as: 'switch',
    help: "Names people's addresses in debug lines.",
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
export type RelaySettings = Pick<RelayOptions, Extract<Row['option'], keyof RelayOptions>> &
  CommandSettings;

/** What the command itself makes of them, before there is a relay. */
export interface CommandSettings {
  tlsCert?: string;
  tlsKey?: string;
  tlsSelfSigned?: boolean;
  turnSecretFile?: string;
  natsUrls?: readonly string[];
  natsUser?: string;
  natsPassword?: string;
  natsToken?: string;
  natsCreds?: string;
  natsCa?: string;
  natsCert?: string;
  natsKey?: string;
  natsSubject?: string;
  logLevel?: string;
}

const COMMAND_SETTINGS: Readonly<Record<keyof CommandSettings, true>> = {
  tlsCert: true,
  tlsKey: true,
  tlsSelfSigned: true,
  turnSecretFile: true,
  natsUrls: true,
  natsUser: true,
  natsPassword: true,
  natsToken: true,
  natsCreds: true,
  natsCa: true,
  natsCert: true,
  natsKey: true,
  natsSubject: true,
  logLevel: true,
};

/** The settings that createRelay takes as they are. */
export function directOptions(settings: RelaySettings): Omit<RelaySettings, keyof CommandSettings> {
  const rest = Object.entries(settings).filter(([name]) => !(name in COMMAND_SETTINGS));
  return Object.fromEntries(rest);
}

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
    checkFile(option, as, file[option]);
    const words = values[flag as keyof typeof values];
    if (words.length === 0) continue;
    const given = READ[as](words);
    // Single limits are set beside those of the file.
    settings[option] = as === 'limits' ? { ...(file[option] as object), ...Object(given) } : given;
  }
  return settings as RelaySettings;
}

/** Of the two kinds that no option of createRelay may stand behind; the others are checked there. */
function checkFile(option: string, as: keyof typeof READ, value: unknown): void {
  if (value === undefined) return;
  const expected = as === 'text' ? 'a text' : as === 'switch' ? 'true or false' : null;
  const type = as === 'text' ? 'string' : 'boolean';
  if (expected === null || typeof value === type) return;
  const message = `“${option}” of the config file should be ${expected}.`;
  throw new PimError('options/invalid', message, { option, expected });
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
