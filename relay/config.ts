/**
 * Options of a relay: resolved once, unknown names refused with the nearest right one. Behind this
 * file nothing is optional.
 */

import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { join } from 'node:path';
import type { Bytes } from '../sdk/base/bytes.js';
import { type Clock, systemClock } from './clock.js';
import { type NatsConfig, natsOf } from './cluster/options.js';
import type { Hostility } from './hostility.js';
import { DEFAULT_LIMITS, type LimitName, MAX_ORIGINS, type RelayLimits } from './limits.js';
import { invalid, listOf, refuseUnknown } from './option-checks.js';
import { DEFAULT_PORT, type RelayLog, type RelayOptions, type TlsFiles } from './options.js';
import { loopbackOrigins, parsePageOrigin, parseRelayOrigin } from './origins.js';
import { findPackageRoot } from './package-root.js';
import { type Trust, trustedNetworks } from './proxies.js';
import { pooledRandom } from './random.js';
import type { SiteFolders } from './site.js';
import type { TurnConfig } from './turn.js';
import { turnOf } from './turn-options.js';

const LOOPBACK = '127.0.0.1';

export interface RelayConfig {
  readonly port: number;
  readonly host: string | undefined;
  readonly path: string;
  readonly server: Server | null;
  readonly tls: TlsFiles | null;
  /** The public origins, once the port is known. */
  readonly origins: (port: number) => readonly string[];
  readonly allowOrigins: ReadonlySet<string> | null;
  readonly trust: Trust;
  readonly metrics: boolean;
  readonly metricsPort: number | null;
  readonly metricsHost: string;
  readonly nats: NatsConfig | null;
  readonly turn: TurnConfig | null;
  readonly limits: RelayLimits;
  readonly folders: SiteFolders;
  readonly log: RelayLog;
  readonly logIps: boolean;
  readonly logAddresses: boolean;
  readonly clock: Clock;
  readonly random: (length: number) => Bytes;
  readonly hostility: Hostility | null;
  readonly rss: () => number;
}

const NAMES = {
  options: [
    ...['port', 'host', 'path', 'server', 'tls', 'origins', 'allowOrigins', 'trustProxy'],
    ...['metrics', 'metricsPort', 'metricsHost'],
    'nats',
    ...['turnUrls', 'turnSecret', 'turnLifetimeS'],
    ...['limits', 'files', 'log', 'logIps', 'logAddresses', 'seams'],
  ],
  limits: Object.keys(DEFAULT_LIMITS),
  files: ['dist', 'examples'],
  tls: ['cert', 'key'],
  seams: ['clock', 'random', 'hostility', 'rss'],
} as const;

/** Options of a server of its own. */
const OWN_SERVER = ['port', 'host', 'tls', 'files', 'metrics'] as const;

/** @throws options/unknown, options/invalid */
export function resolveConfig(options: RelayOptions): RelayConfig {
  refuseUnknown(options, NAMES.options, '');
  const { log, metricsPort, seams = {}, server } = options;
  refuseUnknown(seams, NAMES.seams, 'seams.');
  if (server !== undefined) refuseBeside(options);
  const isPublic = options.origins !== undefined && options.origins.length > 0;
  const host = hostOf(options.host, isPublic);
  return {
    port: portOf(options.port ?? DEFAULT_PORT, 'port'),
    host,
    path: pathOf(options.path ?? '/'),
    server: server ?? null,
    tls: options.tls === undefined ? null : tlsOf(options.tls),
    origins: originsOf(options.origins ?? []),
    allowOrigins: allowOriginsOf(options.allowOrigins),
    trust: trustOf(options.trustProxy ?? 0),
    metrics: switchOf(options.metrics ?? (!isPublic && host === LOOPBACK), 'metrics'),
    metricsPort: metricsPort === undefined ? null : portOf(metricsPort, 'metricsPort'),
    metricsHost: hostOf(options.metricsHost, false, 'metricsHost') as string,
    nats: natsOf(options.nats),
    turn: turnOf(options),
    limits: limitsOf(options.limits ?? {}),
    folders: foldersOf(server === undefined ? (options.files ?? {}) : false),
    log: log ?? (() => undefined),
    logIps: switchOf(options.logIps ?? false, 'logIps'),
    logAddresses: switchOf(options.logAddresses ?? false, 'logAddresses'),
    clock: seams.clock ?? systemClock,
    random: seams.random ?? pooledRandom(),
    hostility: seams.hostility ?? null,
    rss: seams.rss ?? process.memoryUsage.rss,
  };
}

/** What a server that is somebody else's decides by itself. */
function refuseBeside(options: RelayOptions): void {
  const server: unknown = options.server;
  if (!(server instanceof NetServer))
    throw invalid('server', 'a server of node:http or node:https');
  for (const name of OWN_SERVER) {
    if (options[name] !== undefined) throw invalid(name, 'left to “server”');
  }
}

function portOf(port: unknown, option: string): number {
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!isPort) throw invalid(option, 'a whole number from 0 to 65535');
  return port;
}

function hostOf(host: unknown, isPublic: boolean, option = 'host'): string | undefined {
  if (host === undefined) return isPublic ? undefined : LOOPBACK;
  if (typeof host !== 'string' || host === '') throw invalid(option, 'a host name or IP address');
  return host;
}

function pathOf(path: unknown): string {
  // As it stands in a request: what would be encoded there has no place here.
  const isPath = typeof path === 'string' && /^\/[\w.~!$&'()*+,;=:@/-]*$/.test(path);
  if (!isPath) throw invalid('path', 'a path like /relay');
  return path;
}

function tlsOf(tls: TlsFiles): TlsFiles {
  refuseUnknown(tls, NAMES.tls, 'tls.');
  for (const name of NAMES.tls) {
    if (typeof tls[name] !== 'string') throw invalid(`tls.${name}`, 'a text in PEM');
  }
  return tls;
}

function switchOf(value: unknown, option: string): boolean {
  if (typeof value !== 'boolean') throw invalid(option, 'true or false');
  return value;
}

function trustOf(value: unknown): Trust {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return { hops: value as number };
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  const trust = isList ? trustedNetworks(value) : null;
  if (trust === null) throw invalid('trustProxy', 'a number of proxies, or a list like 10.0.0.0/8');
  return trust;
}

function originsOf(given: RelayOptions['origins']): RelayConfig['origins'] {
  if (typeof given === 'function') return (port) => publicOrigins(given(port));
  const origins = publicOrigins(given);
  return origins.length > 0 ? () => origins : loopbackOrigins;
}

function publicOrigins(values: unknown): readonly string[] {
  const texts = listOf(values, 'origins', 'origins');
  const origins = texts.map((text) => {
    const origin = parseRelayOrigin(text);
    if (origin === null) throw invalid('origins', 'a list of origins like wss://relay.example');
    return origin;
  });
  const distinct = [...new Set(origins)];
  if (distinct.length > MAX_ORIGINS) throw invalid('origins', `at most ${MAX_ORIGINS} origins`);
  return distinct;
}

function allowOriginsOf(values: unknown): ReadonlySet<string> | null {
  if (values === undefined) return null;
  const origins = listOf(values, 'allowOrigins', 'origins').map((text) => {
    const origin = parsePageOrigin(text);
    if (origin === null)
      throw invalid('allowOrigins', 'a list of origins like https://site.example');
    return origin;
  });
  return origins.length === 0 ? null : new Set(origins);
}

function limitsOf(given: Partial<RelayLimits>): RelayLimits {
  refuseUnknown(given, NAMES.limits, 'limits.');
  const limits: Record<LimitName, number> = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(given)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw invalid(`limits.${name}`, 'a whole number above 0');
    limits[name as LimitName] = value;
  }
  // Three fields travel in two bytes each (CHAL and OK).
  for (const name of ['maxFrameBytes', 'sendsPerS', 'sendBurst'] as const) {
    if (limits[name] > 65_535) throw invalid(`limits.${name}`, 'at most 65535');
  }
  return limits;
}

function foldersOf(files: Partial<SiteFolders> | false): SiteFolders {
  if (files === false) return { dist: null, examples: null };
  refuseUnknown(files, NAMES.files, 'files.');
  const root = findPackageRoot()?.folder;
  return {
    dist: files.dist ?? (root === undefined || files.dist === null ? null : join(root, 'dist')),
    examples:
      files.examples ??
      (root === undefined || files.examples === null ? null : join(root, 'examples')),
  };
}
