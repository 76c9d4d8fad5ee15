/**
 * A real coturn with the configuration that docs/turn.md gives. It needs an address of this machine
 * that is not loopback: no candidate of pim's may be one (docs/protocol.md §6.1).
 */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isInstalled, Service } from './service.js';

export const SECRET = 'a-secret-of-this-test';

const ownAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

/** Why it cannot be tried here; null where it can. */
export function coturnIsMissing(): string | null {
  if (!isInstalled('turnserver')) return 'coturn is not installed (apt install coturn)';
  return ownAddress() === undefined ? 'this machine has no address but loopback' : null;
}

export interface Coturn {
  /** `turn:<address>:<port>` */
  readonly url: string;
  readonly service: Service;
  stop(): Promise<void>;
}

/**
 * @param more lines of configuration behind those of the documentation
 * @param ip where it listens and relays
 */
export async function startCoturn(
  more: readonly string[] = [],
  ip = ownAddress(),
): Promise<Coturn> {
  const page = await readFile(new URL('../../docs/turn.md', import.meta.url), 'utf8');
  const documented = /```ini\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const port = await freePort();
  const here = [
    ...[`listening-ip=${ip}`, `relay-ip=${ip}`, `allowed-peer-ip=${ip}`],
    ...['log-file=stdout', 'simple-log', 'verbose', 'no-tls', 'no-dtls'],
  ];
  const folder = await mkdtemp(join(tmpdir(), 'pim-coturn-'));
  const file = join(folder, 'turnserver.conf');
  const config = documented
    .replace('static-auth-secret=CHANGE-ME', `static-auth-secret=${SECRET}`)
    .replace('listening-port=3478', `listening-port=${port}`)
    .replace(/^tls-listening-port=.*$/m, '');
  await writeFile(
    file,
    [
      config,
      ...here,
      `pidfile=${join(folder, 'pid')}`,
      `userdb=${join(folder, 'db')}`,
      ...more,
    ].join('\n'),
  );
  const service = new Service('turnserver', ['-c', file]);
  await service.says(/listener opened on/i);
  return {
    url: `turn:${ip}:${port}`,
    service,
    stop: async () => {
      await service.end();
      await rm(folder, { recursive: true });
    },
  };
}
