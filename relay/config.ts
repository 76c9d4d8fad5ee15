/**
 * Options of a relay: resolved once, unknown names refused with the nearest right one. Behind this
 * file nothing is optional.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Bytes } from '../sdk/base/bytes.js';
import { type Clock, systemClock } from './clock.js';
import type { Tamper } from './forward.js';
import { DEFAULT_LIMITS, type LimitName, MAX_ORIGINS, type RelayLimits } from './limits.js';
import { invalid, listOf, refuseUnknown } from './option-checks.js';
import { DEFAULT_PORT, type RelayLog, type RelayOptions } from './options.js';
import { parsePageOrigin, parseRelayOrigin } from './origins.js';
import { findPackageRoot } from './package-root.js';
import type { SiteFolders } from './site.js';

export interface RelayConfig {
  readonly port: number;
  readonly host: string | undefined;
  /** Empty: loopback origins at the real port. */
  readonly origins: readonly string[];
  readonly allowOrigins: ReadonlySet<string> | null;
  readonly limits: RelayLimits;
  readonly folders: SiteFolders;
  readonly log: RelayLog;
  readonly clock: Clock;
  readonly random: (length: number) => Bytes;
  readonly tamper: Tamper | null;
}

const NAMES = {
  options: ['port', 'host', 'origins', 'allowOrigins', 'limits', 'files', 'log', 'seams'],
  limits: Object.keys(DEFAULT_LIMITS),
  files: ['dist', 'examples'],
  seams: ['clock', 'random', 'tamper'],
} as const;

/** @throws options/unknown, options/invalid */
export function resolveConfig(options: RelayOptions): RelayConfig {
  refuseUnknown(options, NAMES.options, '');
  const seams = options.seams ?? {};
  refuseUnknown(seams, NAMES.seams, 'seams.');
  const origins = originsOf(options.origins ?? []);
  return {
    port: portOf(options.port ?? DEFAULT_PORT),
    host: hostOf(options.host, origins.length > 0),
    origins,
    allowOrigins: allowOriginsOf(options.allowOrigins),
    limits: limitsOf(options.limits ?? {}),
    folders: foldersOf(options.files ?? {}),
    log: options.log ?? (() => undefined),
    clock: seams.clock ?? systemClock,
    random: seams.random ?? ((length) => new Uint8Array(randomBytes(length))),
    tamper: seams.tamper ?? null,
  };
}

function portOf(port: unknown): number {
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (!isPort) throw invalid('port', 'a whole number from 0 to 65535');
  return port;
}

function hostOf(host: unknown, isPublic: boolean): string | undefined {
  if (host === undefined) return isPublic ? undefined : '127.0.0.1';
  if (typeof host !== 'string' || host === '') throw invalid('host', 'a host name or IP address');
  return host;
}

function originsOf(values: unknown): readonly string[] {
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
