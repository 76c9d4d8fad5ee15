/**
 * The HTTP server in front of the WebSockets: the relay's own, with or without TLS, or a part of a
 * server somebody else runs.
 */

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RelayConfig } from './config.js';
import type { Doorway } from './doorway.js';
import type { RelayLimits } from './limits.js';
import { listening } from './listening.js';
import { invalid } from './option-checks.js';
import type { TlsFiles } from './options.js';
import { refuseUpgrade } from './upgrade-refusal.js';

export interface Front {
  /** @throws options/invalid, see listening.ts */
  open(): Promise<AddressInfo | null>;
  /** No new connections; resolves when there are none. */
  close(): Promise<void>;
  /** Ends every connection that is not a WebSocket. */
  cut(): void;
  /** @throws options/invalid */
  renewTls(tls: TlsFiles): void;
}

/** TCP connections beside the WebSockets: pages being fetched. */
const SPARE_CONNECTIONS = 1_000;

/** Timeouts and sizes of every HTTP server of a relay. */
export function httpOptions(limits: RelayLimits): ServerOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.requestCheckMs,
    maxHeaderSize: limits.maxHeaderBytes,
  };
}

/** A server of the relay's own. @throws options/invalid where certificate or key cannot be used */
export function ownFront(config: RelayConfig, doorway: Doorway, answer: RequestListener): Front {
  const { host, limits, port, tls } = config;
  const server =
    tls === null ? createServer(httpOptions(limits), answer) : withTls(tls, limits, answer);
  server.maxHeadersCount = limits.maxHeaders;
  server.maxConnections = limits.sockets + SPARE_CONNECTIONS;
  server.timeout = limits.responseIdleMs;
  // Before the server's own listener: what is refused costs neither a parser nor a handshake.
  const serve = server.listeners('connection');
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    if (doorway.connected(socket)) for (const each of serve) each.call(server, socket);
  });
  server.on('secureConnection', (socket) => doorway.secured(socket));
  server.on('upgrade', (request, socket, head) => doorway.upgraded(request, socket, head));
  return {
    open: () => listening(server, port, host),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      return closed;
    },
    cut: () => server.closeAllConnections(),
    renewTls: (files) => {
      if (tls === null) throw invalid('tls', 'given when the relay is created');
      checkedTls(() => (server as TlsServer).setSecureContext(files));
    },
  };
}

/**
 * A path of somebody else's server, which listens and ends by itself. Requests and upgrades to other
 * paths are that server's; where nobody else takes upgrades, they are refused, not left to hang.
 */
export function attachedFront(server: Server, path: string, doorway: Doorway): Front {
  const upgraded = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url === path) doorway.upgraded(request, socket, head);
    else if (server.listenerCount('upgrade') === 1) refuseUpgrade(socket, 404);
  };
  return {
    open: async () => {
      server.on('upgrade', upgraded);
      return null;
    },
    close: async () => {
      server.off('upgrade', upgraded);
    },
    cut: () => undefined,
    renewTls: () => {
      throw invalid('tls', 'set on the server the relay is attached to');
    },
  };
}

function withTls(tls: TlsFiles, limits: RelayLimits, answer: RequestListener): TlsServer {
  const options = { ...httpOptions(limits), ...tls, handshakeTimeout: limits.headersTimeoutMs };
  const server = checkedTls(() => createTlsServer(options, answer));
  // A failed handshake is the client's affair.
  server.on('tlsClientError', (_fault, socket) => socket.destroy());
  return server;
}

function checkedTls<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    throw invalid('tls', 'a certificate and its private key in PEM', cause);
  }
}
