/**
 * `pim.diagnose()`: everything a conversation rests on, tried one by one and side by side. Fetched at
 * the first use.
 */

import type { Access } from './access.js';
import { PimError } from './base/errors.js';
import type { HostFacts, Platform } from './base/platform.js';
import { timeLimit } from './base/time.js';
import { chooseSuite } from './crypto/choose.js';
import type { Suite } from './crypto/suite.js';
import { type Finding, type FindingStatus, finding } from './diagnosis/finding.js';
import { checkStun, checkTurn, serversOf } from './diagnosis/ice-checks.js';
import { checkPlatform, checkStorage } from './diagnosis/local-checks.js';
import { checkRelay, type RelayResult } from './diagnosis/relay-check.js';
import { reportOf } from './diagnosis/report.js';
import { factsOf } from './host-facts.js';
import { iceConfig } from './ice-config.js';
import type { ResolvedOptions } from './options.js';
import type { TurnNote } from './transport/given-turn.js';

/** Milliseconds a clock may be off before anybody sees it in the times of messages. */
const CLOCK_TOLERANCE_MS = 120_000;
/** Milliseconds for the relays' servers to answer anything at all. */
const REACH_LIMIT_MS = 5_000;
const NOT_REACHED: ReadonlySet<string> = new Set(['relay/unreachable', 'relay/silent']);

export interface DiagnoseOptions {
  /** Told of each finding as it is made. */
  readonly onFinding?: (finding: Finding) => void;
  readonly signal?: AbortSignal;
}

export interface Diagnosis {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The worst of all findings; what was skipped counts for nothing. */
  readonly status: Exclude<FindingStatus, 'skipped'>;
  /** Relays, WebSocket, STUN, TURN, clock, storage, platform, in this order. */
  readonly findings: readonly Finding[];
  /** All of it as text to hand on: without addresses, keys, hosts or IPs. */
  readonly report: string;
}

type Told = <Found extends Finding>(work: Promise<Found> | Found) => Promise<Found>;

/** @throws pim/aborted, crypto/self-test-failed */
export async function diagnose(
  access: Access,
  { onFinding, signal }: DiagnoseOptions,
): Promise<Diagnosis> {
  const { platform } = access.options;
  const running = runningHere(access);
  const [suite, facts] = await Promise.all([
    running?.suite ?? chooseSuite(platform),
    factsOf(platform),
  ]);
  const told: Told = async (work) => {
    const found = await work;
    if (signal?.aborted !== true) onFinding?.(found);
    return found;
  };
  const parts = await Promise.all([
    checkNetwork(access, suite, facts, told, signal),
    told(checkStorage(running?.storage ?? null, facts)),
    told(checkPlatform(platform, suite, facts)),
  ]);
  if (signal?.aborted) throw new PimError('pim/aborted', 'The diagnosis was aborted.', null);
  const findings = parts.flat();
  const at = platform.now();
  const status =
    (['bad', 'warning'] as const).find((each) => findings.some((one) => one.status === each)) ??
    'good';
  return Object.freeze({ at, status, findings, report: reportOf(at, findings, facts?.name ?? '') });
}

/** Null before a start, and in a tab that goes along with another one. */
function runningHere({ running }: Access): ReturnType<Access['running']> | null {
  try {
    return running();
  } catch {
    return null;
  }
}

/** The person's relays and those joined for contacts, then the servers that those relays offer. */
async function checkNetwork(
  access: Access,
  suite: Suite,
  facts: HostFacts | null,
  told: Told,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const { options } = access;
  const pool = runningHere(access)?.chat.book.pool ?? { links: [], turnNotes: [] };
  const { links } = pool;
  const urls = [...new Set([...options.relays, ...links.map(({ url }) => url)])];
  const results = await Promise.all(
    urls.map(async (url) => {
      const result = await checkRelay(url, options.platform, suite, signal);
      await told(result.finding);
      return result;
    }),
  );
  const relays = results.map((each) => each.finding);
  if (relays.length === 0) relays.push(await told(finding('relay/none', null)));
  const isLost = results.every(({ finding: { code } }) => NOT_REACHED.has(code));
  if (isLost && facts !== null && (await isAnyReached(urls, facts, options.platform, signal))) {
    relays.push(await told(finding('web-socket/blocked', null)));
  }
  const clock = await told(clockOf(results));
  // Those joined for a contact are not asked for servers (docs/protocol.md §4.4).
  const own = results.slice(0, options.relays.length);
  const turnNotes = [...own.flatMap(({ turn }) => turn ?? []), ...pool.turnNotes];
  return [...relays, ...(await checkServers(options, turnNotes, told, signal)), clock];
}

/** Whether a relay's server answers plain HTTP. */
async function isAnyReached(
  urls: readonly string[],
  { reach }: HostFacts,
  platform: Platform,
  signal?: AbortSignal,
): Promise<boolean> {
  const limit = timeLimit(platform, REACH_LIMIT_MS, signal);
  try {
    const asked = urls.map((url) => reach(url.replace(/^ws/, 'http'), limit.signal));
    return (await Promise.all(asked)).includes(true);
  } finally {
    limit.clear();
  }
}

/** STUN and TURN servers as a connection would be given them. */
async function checkServers(
  options: ResolvedOptions,
  turnNotes: readonly TurnNote[],
  told: Told,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const { platform, relayOnly } = options;
  const open = platform.openPeerConnection;
  const { iceServers = [] } = await iceConfig(options, { turnNotes }, () => undefined);
  const stun = serversOf(iceServers, ['stun', 'stuns']);
  const turn = serversOf(iceServers, ['turn', 'turns']);
  if (open === null) return [];
  const none = [
    ...(stun.length === 0 ? [finding('stun/none', null)] : []),
    ...(turn.length === 0 ? [finding(relayOnly ? 'turn/needed' : 'turn/none', null)] : []),
  ];
  return Promise.all([
    ...stun.map((server) => told(checkStun(server, platform, open, signal))),
    ...turn.map((server) => told(checkTurn(server, platform, open, signal))),
    ...none.map(told),
  ]);
}

/** The relay in the middle of all: a single one may be wrong itself. */
function clockOf(results: readonly RelayResult[]): Finding {
  const all = results.flatMap(({ aheadMs }) => aheadMs ?? []).sort((a, b) => a - b);
  const aheadMs = all[Math.floor(all.length / 2)];
  if (aheadMs === undefined) return finding('clock/unknown', null);
  const isRight = Math.abs(aheadMs) <= CLOCK_TOLERANCE_MS;
  return finding(isRight ? 'clock/good' : 'clock/wrong', { aheadMs });
}
