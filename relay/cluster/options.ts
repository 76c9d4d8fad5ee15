/** Options about NATS, checked. */

import { invalid, listOf, refuseUnknown } from '../option-checks.js';

export interface NatsOptions {
  /** `nats://host[:port]` or `tls://host[:port]`; any of them is enough to find the others. */
  servers: readonly string[];
  user?: string;
  password?: string;
  token?: string;
  /** Text of a `.creds` file: JWT and seed. */
  creds?: string;
  /** PEM texts. Given, even empty, a server without TLS is refused. */
  tls?: { ca?: string; cert?: string; key?: string };
  /** What subjects begin with; relays with the same one are one relay. Default `pim.relay`. */
  subject?: string;
}

export interface NatsConfig extends Omit<NatsOptions, 'subject'> {
  readonly subject: string;
}

const NAMES = ['servers', 'user', 'password', 'token', 'creds', 'tls', 'subject'] as const;
const TEXTS = ['user', 'password', 'token', 'creds'] as const;
const MAX_SERVERS = 16;
const DEFAULT_SUBJECT = 'pim.relay';
/** Words of a NATS subject, none of them a wildcard. */
const SUBJECT = /^(?=.{1,64}$)[\w-]+(?:\.[\w-]+)*$/;

/** @throws options/unknown, options/invalid, which never hold a secret */
export function natsOf(options: NatsOptions | undefined): NatsConfig | null {
  if (options === undefined) return null;
  refuseUnknown(options, NAMES, 'nats.');
  const { password, subject = DEFAULT_SUBJECT, tls, user } = options;
  for (const name of TEXTS) {
    const value = options[name];
    const isText = value === undefined || (typeof value === 'string' && value !== '');
    if (!isText) throw invalid(`nats.${name}`, 'a text');
  }
  if ((user === undefined) !== (password === undefined)) {
    throw invalid('nats.user', 'given together with nats.password');
  }
  const ways = [user, options.token, options.creds].filter((value) => value !== undefined);
  if (ways.length > 1) throw invalid('nats', 'given one of user, token and creds');
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) {
    throw invalid('nats.subject', 'words of letters, digits, - and _, with dots between');
  }
  const { isSecure, servers } = serversOf(options.servers);
  const secured = tls ?? (isSecure ? {} : undefined);
  if (secured !== undefined) checkTls(secured);
  const { subject: _, tls: __, ...login } = options;
  return { ...login, servers, subject, ...(secured === undefined ? {} : { tls: secured }) };
}

function serversOf(given: unknown): { servers: readonly string[]; isSecure: boolean } {
  const urls = listOf(given, 'nats.servers', 'NATS URLs').map((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const isPlain = url !== null && /^\/?$/.test(url.pathname) && !url.search && !url.hash;
    const isOurs = isPlain && /^(?:nats|tls):$/.test(url.protocol) && url.hostname !== '';
    // Not in the URL: it would be shown wherever URLs are.
    if (!isOurs || url.username || url.password) {
      throw invalid(
        'nats.servers',
        'a list of URLs like nats://nats.example:4222, without a login',
      );
    }
    return url;
  });
  if (urls.length === 0 || urls.length > MAX_SERVERS) {
    throw invalid('nats.servers', `1 to ${MAX_SERVERS} URLs like nats://nats.example:4222`);
  }
  const isSecure = urls.some(({ protocol }) => protocol === 'tls:');
  return { servers: urls.map(({ host }) => host), isSecure };
}

function checkTls(tls: object): void {
  refuseUnknown(tls, ['ca', 'cert', 'key'], 'nats.tls.');
  for (const [name, value] of Object.entries(tls)) {
    if (typeof value !== 'string') throw invalid(`nats.tls.${name}`, 'a text in PEM');
  }
}
