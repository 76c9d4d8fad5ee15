/** Begins to listen, and says in one sentence why it could not. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PimError } from '../sdk/base/errors.js';

/**
 * @param host undefined: every interface
 * @throws options/invalid where the port is taken or may not be used, or the host is not of this
 * machine
 */
export async function listening(
  server: Server,
  port: number,
  host: string | undefined,
  option: 'port' | 'metricsPort' = 'port',
): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => reject(explain(cause, port, host, option));
    server.once('error', fail);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', fail);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}

function explain(
  cause: NodeJS.ErrnoException,
  port: number,
  host: string | undefined,
  option: string,
): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return refusal(option, 'a free port', `Port ${port} is taken by another program.`, cause);
    case 'EACCES':
      return refusal(option, 'a port you may use', `You may not use port ${port}.`, cause);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return refusal('host', 'of this machine', `“${host}” is not a name of this machine.`, cause);
    default:
      return cause;
  }
}

function refusal(option: string, expected: string, message: string, cause: unknown): PimError {
  return new PimError('options/invalid', message, { option, expected }, cause);
}
