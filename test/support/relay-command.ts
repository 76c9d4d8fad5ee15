/** The relay as people start it: the built command, serving the built widget. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { builtDist } from './dist.js';
import { relayPages } from './relay-pages.js';

const POLICIES = new URL('./page-policies.mjs', import.meta.url).href;

/** The command as people start it, on a free port; resolves with the URL it prints. */
export async function startRelay(): Promise<{ url: string; relay: ChildProcess }> {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const cli = join(await builtDist(), 'cli.js');
  const env = { ...process.env, PIM_TEST_PAGES: JSON.stringify(relayPages()) };
  const args = ['--import', POLICIES, cli, 'relay', '--port', '0'];
  const relay = spawn(process.execPath, args, { stdio, env });
  return new Promise((resolve, reject) => {
    let printed = '';
    relay.once('exit', (code) => reject(new Error(`the relay ended with ${code}: ${printed}`)));
    relay.stdout?.on('data', (data) => {
      printed += String(data);
      const url = /http:\/\/\S+/.exec(printed)?.[0];
      if (url !== undefined) resolve({ url, relay });
    });
  });
}
