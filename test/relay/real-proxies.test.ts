/**
 * nginx and Caddy as docs/relay-in-an-evening.md sets them up, where they are installed: people come
 * through to the relay, each counted by the address they really have.
 * @time-limit 60
 */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { selfSigned } from '../../sdk/node/self-signed.js';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { withRelay } from '../support/relay.js';
import { RelayClient, random, UpgradeRefused } from '../support/relay-client.js';
import { freePort, isInstalled, Service } from '../support/service.js';

const NAME = 'wss://relay.example';
const page = await readFile(new URL('../../docs/relay-in-an-evening.md', import.meta.url), 'utf8');
const proxies = suite('proxies');

interface Setup {
  /** The block of the document that is its configuration. */
  readonly block: RegExp;
  readonly scheme: 'ws' | 'wss';
  /** The file as it is for this machine: another port, a certificate of the moment. */
  write(block: string, here: { folder: string; port: number; relay: number }): Promise<string>;
  args(file: string, folder: string): string[];
}

async function nginxFile(
  block: string,
  { folder, port, relay }: { folder: string; port: number; relay: number },
): Promise<string> {
  const made = selfSigned(['relay.example'], new Date());
  await writeFile(join(folder, 'cert.pem'), made.cert);
  await writeFile(join(folder, 'key.pem'), made.key);
  const http = block
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace('listen [::]:443 ssl;', '')
    .replace('/etc/letsencrypt/live/relay.example/fullchain.pem', join(folder, 'cert.pem'))
    .replace('/etc/letsencrypt/live/relay.example/privkey.pem', join(folder, 'key.pem'))
    .replace('127.0.0.1:8787', `127.0.0.1:${relay}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((each) => `${each}_temp_path ${folder}/${each};`)
    .join('\n');
  return `daemon off;\npid ${folder}/pid;\nerror_log stderr notice;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${http}\n}\n`;
}

const SETUPS: Readonly<Record<string, Setup>> = {
  nginx: {
    block: /```nginx\n([\s\S]*?)```/,
    scheme: 'wss',
    write: nginxFile,
    args: (file, folder) => ['-c', file, '-p', folder],
  },
  caddy: {
    block: /```\n(relay\.example \{[\s\S]*?)```/,
    scheme: 'ws',
    // Caddy would ask for a certificate of the name: without TLS the rest is as documented.
    write: async (block, { port, relay }) =>
      `{\n\tadmin off\n}\n${block.replace('relay.example', `http://127.0.0.1:${port}`).replace('127.0.0.1:8787', `127.0.0.1:${relay}`)}`,
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
};

async function through(name: string, use: (url: string, relayPort: number) => Promise<void>) {
  const setup = SETUPS[name] as Setup;
  const folder = await mkdtemp(join(tmpdir(), `pim-${name}-`));
  const port = await freePort();
  const limits = { socketsPerIp: 2 };
  const options = { origins: [NAME], trustProxy: ['127.0.0.1/32'], limits };
  await withRelay(options, async (relay) => {
    const block = setup.block.exec(page)?.[1];
    assert.ok(block, `the document has a configuration for ${name}`);
    const file = join(folder, 'config');
    await writeFile(file, await setup.write(block as string, { folder, port, relay: relay.port }));
    const service = new Service(name, setup.args(file, folder));
    try {
      await service.says(/start worker process|serving initial configuration/);
      await use(`${setup.scheme}://127.0.0.1:${port}`, relay.port);
    } finally {
      await service.end();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function enter(url: string, from: string, headers = {}): Promise<RelayClient> {
  const options = { localAddress: from, headers, rejectUnauthorized: false };
  return RelayClient.prove(await RelayClient.open(url, options), NAME, {});
}

const statusOf = (entering: Promise<RelayClient>): Promise<number> =>
  entering.then(
    () => 101,
    (fault) => (fault instanceof UpgradeRefused ? fault.status : Promise.reject(fault)),
  );

for (const name of Object.keys(SETUPS)) {
  proxies(
    `${name} as documented: people log in and are counted by their own addresses`,
    async () => {
      if (!isInstalled(name)) return outcome(name, 'not tried: it is not installed');
      await through(name, async (url) => {
        const ada = await enter(url, '127.0.0.77');
        const grace = await enter(url, '127.0.0.77');
        ada.sendTo(grace.key!.publicKey, random(561));
        assert.is((await grace.next('receive')).sealed.length, 561);
        assert.is(await statusOf(enter(url, '127.0.0.77')), 429, 'a third of one address');
        const forged = { 'X-Forwarded-For': '203.0.113.9' };
        assert.is(await statusOf(enter(url, '127.0.0.77', forged)), 429, 'a forged header');
        assert.is(await statusOf(enter(url, '127.0.0.78', forged)), 101, 'another address');
      });
      outcome(name, 'as documented: logins come through, each address counts for itself');
    },
  );
}

proxies.after(() => printOutcomes('Proxies in front of a relay:'));

proxies.run();
