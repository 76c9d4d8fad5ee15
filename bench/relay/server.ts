/**
 * One server under test, in a process of its own: `bare`, `peer`, `pim`; `standard`: pim with the
 * limits it has when nobody changes them; `checking`: `bare` with one signature check a connection.
 */

import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { createRelay, DEFAULT_LIMITS } from '../../relay/index.js';
import type { ContestantName } from './contestants.js';
import { answerParent } from './processes.js';
import { signatureCheck } from './signature-check.js';

/** As many as a process may have files. */
const MANY = 65_535;
/** All loopback addresses. */
const ANY = '0.0.0.0';

/**
 * The limits are looked at for every frame as they always are; only their numbers are out of the
 * way, because one machine plays two thousand networks and sends as fast as it can.
 */
const LIMITS = {
  ...DEFAULT_LIMITS,
  ...{ sockets: MANY, socketsPerIp: MANY, pendingPerIp: MANY, httpPerIp: MANY },
  ...{ connectsPerIpPerS: 1e9, connectBurstPerIp: 1e9, upgradesPerIpPerS: 1e9 },
  ...{ upgradeBurstPerIp: 1e9, sendsPerS: MANY, sendBurst: MANY, sendBytesPerS: 1e12 },
  ...{ sendBurstBytes: 1e12, sendsPerKeyPerS: 1e9, sendBurstPerKey: 1e9 },
  ...{ sendBytesPerKeyPerS: 1e12, sendBurstBytesPerKey: 1e12, sendsPerIpPerS: 1e9 },
  ...{ sendBurstPerIp: 1e9, sendBytesPerIpPerS: 1e12, sendBurstBytesPerIp: 1e12 },
  ...{ deliveriesPerS: 1e9, deliveryBurst: 1e9 },
};

/** Forwards each message to the other socket of its pair, and looks at nothing. */
async function bare(_port: number, onOpen: () => void = () => undefined): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: ANY, perMessageDeflate: false });
  const alone = new Map<string, WebSocket>();
  server.on('connection', (socket, request) => {
    onOpen();
    const pair = request.url ?? '';
    const partner = alone.get(pair);
    if (partner === undefined) alone.set(pair, socket);
    else {
      alone.delete(pair);
      socket.on('message', (data) => partner.send(data));
      partner.on('message', (data) => socket.send(data));
    }
    socket.on('close', () => {
      if (alone.get(pair) === socket) alone.delete(pair);
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** The least a login can cost, where both are paid for: in one process, beside one generator. */
function checking(port: number): Promise<number> {
  const check = signatureCheck();
  return bare(port, check);
}

interface PeerPackage {
  PeerServer(options: object, listening: (server: { address(): AddressInfo }) => void): unknown;
}

async function peer(): Promise<number> {
  const require = createRequire(`${process.cwd()}/bench/package.json`);
  const { PeerServer } = require('peer') as PeerPackage;
  const options = {
    port: 0,
    host: ANY,
    path: '/',
    concurrent_limit: MANY,
    alive_timeout: 3_600_000,
  };
  return new Promise((resolve) => {
    PeerServer(options, (server) => resolve(server.address().port));
  });
}

async function standard(port: number): Promise<number> {
  const relay = createRelay({ port, host: ANY, files: false });
  await relay.listen();
  return relay.port;
}

/** With an argument it is one of several, on the NATS server of that URL. */
async function pim(): Promise<number> {
  const servers = process.argv.slice(3);
  const relay = createRelay({
    ...{ port: 0, host: ANY, files: false, limits: LIMITS },
    ...(servers.length === 0 ? {} : { nats: { servers } }),
  });
  await relay.listen();
  while (servers.length > 0 && relay.stats().bus === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return relay.port;
}

export type ServerName = ContestantName | 'standard' | 'checking';

const SERVERS: Readonly<Record<ServerName, (port: number) => Promise<number>>> = {
  ...{ bare, peer, pim, standard, checking },
};

export type ServerCalls = typeof calls;

const calls = {
  /** @param port only `standard` takes another than any that is free */
  listen: (port?: number): Promise<number> => SERVERS[process.argv[2] as ServerName](port ?? 0),
  /** Memory after several collections, and processor time so far in ms. */
  async usage() {
    for (let i = 0; i < 4; i++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { heapUsed, rss } = process.memoryUsage();
    return { rss, heapUsed };
  },
  async cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

answerParent(calls);
