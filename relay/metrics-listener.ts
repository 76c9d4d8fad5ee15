/** A second, small HTTP server for whoever watches the relay, apart from the people who use it. */

import { createServer, type RequestListener } from 'node:http';
import type { RelayConfig } from './config.js';
import { httpOptions } from './front.js';
import { listening } from './listening.js';

export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Connections of scrapers and probes at once. */
const MAX_CONNECTIONS = 64;

/** @throws options/invalid, see listening.ts */
export async function startMetricsListener(
  { limits }: RelayConfig,
  port: number,
  host: string,
  answer: RequestListener,
): Promise<MetricsListener> {
  const server = createServer(httpOptions(limits), answer);
  server.maxConnections = MAX_CONNECTIONS;
  const address = await listening(server, port, host, 'metricsPort');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
