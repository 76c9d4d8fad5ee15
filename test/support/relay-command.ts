/** The relay as people start it: the built command, serving the built widget. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { builtDist } from './dist.js';

/** The command as people start it, on a free port; resolves with the URL it prints. */
export async function startRelay(): Promise<{ url: string; relay: ChildProcess }> {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const cli = join(await builtDist(), 'cli.js');
  const relay = spawn(process.execPath, [cli, 'relay', '--port', '0'], { stdio });
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
