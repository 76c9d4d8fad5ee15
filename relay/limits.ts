/**
 * Every number that bounds what one client, one address or one network can cost the relay: unit,
 * reason, and what happens beyond it. All of them are options (`limits`); these are the defaults.
 */

import { AUTH_DEADLINE_MS, MAX_RELAY_FRAME_BYTES } from '../sdk/protocol/limits.js';

export const DEFAULT_LIMITS = {
  /** Bytes of one WebSocket message. Beyond: close 1009. */
  maxFrameBytes: MAX_RELAY_FRAME_BYTES,
  /** WebSocket fragments of one message; browsers send 1 for frames this small. Beyond: close 1008. */
  maxFragments: 64,
  /**
   * TCP reads kept while one frame is incomplete: 128 reads of 68 bytes make the largest frame, and
   * no network cuts finer for long. Beyond: close 1008.
   */
  maxBufferedChunks: 128,

  /** WebSockets in all. Beyond: HTTP 503 before the upgrade, the cheapest refusal there is. */
  sockets: 10_000,
  /** WebSockets of one IPv4 address or IPv6 /64. Beyond: HTTP 429. */
  socketsPerIp: 20,
  /** WebSockets of one IP that have not proved a key yet. Beyond: HTTP 429. */
  pendingPerIp: 5,
  /** TCP connections of one IP that are not WebSockets (a browser opens 6). Beyond: closed. */
  httpPerIp: 64,
  /**
   * TCP connections of one IP a second, and at once after a rest: a page opens six, and a network of
   * twenty clients comes back together after a restart. Beyond: closed unread.
   */
  connectsPerIpPerS: 20,
  connectBurstPerIp: 400,
  /** Plain HTTP requests of one IP, per second and at once (a page takes ten). Beyond: HTTP 429. */
  requestsPerIpPerS: 100,
  requestBurstPerIp: 1_000,
  /**
   * Requests of one connection that are not answered yet; browsers and proxies send the next one
   * after the answer. Beyond, or over the rate: the IP is banished.
   */
  requestsAtOnce: 8,
  /** Milliseconds for which new connections of a banished IP are closed unread. */
  banishMs: 10_000,
  /**
   * Upgrades of one IP, per second and at once; each may cost a verified signature. Twenty clients
   * that find the relay gone try a hundred times in their first minute. Beyond: HTTP 429.
   */
  upgradesPerIpPerS: 10,
  upgradeBurstPerIp: 200,
  /** Upgrades that a wrong proof counts as: it has cost a signature check for each origin. */
  upgradesPerWrongProof: 10,
  /** Networks whose rates are remembered; the one known for longest without a connection goes. */
  networks: 50_000,
  /** Sockets of one key: a person's devices. One more: the oldest gets BYE and close 4409. */
  socketsPerKey: 8,

  /** Milliseconds from CHAL to AUTH; the life of the nonce. Beyond: ERR late, close 4401. */
  authDeadlineMs: AUTH_DEADLINE_MS,

  /** SENDs a second of one socket, and at once after a rest. Beyond: RES rate-limited. */
  sendsPerS: 20,
  sendBurst: 400,
  /** Bytes of SENDs a second of one socket, and at once after a rest. Beyond: RES rate-limited. */
  sendBytesPerS: 65_536,
  sendBurstBytes: 524_288,
  /** The same of one key, all its sockets together. Beyond: RES rate-limited. */
  sendsPerKeyPerS: 40,
  sendBurstPerKey: 800,
  sendBytesPerKeyPerS: 131_072,
  sendBurstBytesPerKey: 1_048_576,
  /** The same of one IP, all its keys together. Beyond: RES rate-limited. */
  sendsPerIpPerS: 100,
  sendBurstPerIp: 2_000,
  sendBytesPerIpPerS: 262_144,
  sendBurstBytesPerIp: 2_097_152,
  /** Milliseconds for which a socket whose SEND was refused is not read. */
  holdMs: 100,
  /**
   * Frames of one socket that earn an answer but forward nothing: refused SENDs, pings, pongs. An
   * honest client needs four a minute. Beyond: close 4429.
   */
  controlsPerS: 2,
  controlBurst: 120,
  /**
   * Envelopes to one key a second from all senders. Beyond: dropped without a word, because any word
   * would tell the sender that the key is connected.
   */
  deliveriesPerS: 50,
  deliveryBurst: 500,

  /** Bytes published to NATS that its server has not taken yet. Beyond: dropped, the newest first. */
  busBehindBytes: 4_194_304,
  /**
   * Recipients elsewhere whose rate is remembered, 200 bytes each. Beyond: the oldest is forgotten,
   * and may have its burst again.
   */
  busRecipients: 10_000,

  /** Bytes waiting for a slow reader above which further envelopes to it are dropped. */
  bufferDropBytes: 262_144,
  /** Bytes waiting above which the socket is terminated, whatever they are. */
  bufferTerminateBytes: 1_048_576,
  /** Bytes waiting for all slow readers. Beyond: the newest sockets that have some are terminated. */
  waitingBytes: 67_108_864,
  /**
   * Bytes of the process. Beyond: upgrades are answered 503, and every `memoryCheckMs` one socket in
   * a hundred, the newest, is told BYE busy and closed 4503. Ten thousand sockets take a fifth of it.
   */
  memoryBytes: 536_870_912,
  memoryCheckMs: 1_000,

  /** Milliseconds without a whole frame after which a socket is pinged. */
  pingAfterMs: 30_000,
  /**
   * Milliseconds without a whole frame, or with a full buffer, after which it is terminated. Two
   * pings and a half: one may be lost in a change of network.
   */
  silenceMs: 75_000,
  /** Milliseconds a close handshake may take before the TCP connection is cut. */
  closeTimeoutMs: 2_000,
  /**
   * Milliseconds a client that goes on after its close gets to read why. Nothing of it is read
   * meanwhile, so it sees no close handshake.
   */
  dismissMs: 250,
  /**
   * Milliseconds over which clients are told to move before the relay ends, where they are many: 2 ms
   * each, since five hundred logins a second leave the relay they move to half a core.
   */
  drainMs: 5_000,

  /** Milliseconds for a request's headers, for the whole request, and between looks at both. */
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 10_000,
  requestCheckMs: 2_000,
  /** Milliseconds a response may stand still because its reader does. */
  responseIdleMs: 30_000,
  /** Header lines and bytes of one request; a browser sends 20 lines in 2 KB. */
  maxHeaders: 50,
  maxHeaderBytes: 8_192,
} as const;

export type LimitName = keyof typeof DEFAULT_LIMITS;
export type RelayLimits = Readonly<Record<LimitName, number>>;

/**
 * Origins one relay answers to. A wrong proof is checked against each of them, so their number is
 * part of what a forged login costs (0.2 ms each).
 */
export const MAX_ORIGINS = 8;
