/** A relay that is killed without a chance to say anything, at whatever moment. @time-limit 120 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withWorld } from '../support/people.js';
import { arrived, friends } from './steps.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `pim relay` as a process, on the same port each time. */
class KilledRelay {
  port = 0;
  #child: ChildProcess | null = null;

  async start(): Promise<void> {
    // One IP plays everybody, in hurried time.
    const limits = ['--limit', 'upgradeBurstPerIp=10000', '--limit', 'connectBurstPerIp=10000'];
    const args = ['--import', 'tsx', 'sdk/node/cli.ts', 'relay', '--port', String(this.port)];
    const child = spawn(process.execPath, [...args, ...limits], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PIM_LOG_LEVEL: 'error' },
    });
    this.#child = child;
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    this.port = Number(/:(\d+)\/$/.exec(line)?.[1]);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

test('kill -9 of the only relay, while people look for each other, loses nothing', () =>
  withWorld(async (world) => {
    const relay = new KilledRelay();
    await relay.start();
    try {
      const { ann, bob } = await friends(world, { relays: [`ws://127.0.0.1:${relay.port}`] });
      const sent = ['hello'];
      // From before the first knock to after the channel is open.
      for (const afterMs of [0, 10, 25, 50, 100, 200, 400]) {
        await bob.leave();
        const text = `killed after ${afterMs} ms`;
        await ann.ask('send', bob.address, text);
        sent.push(text);
        const back = bob.reload();
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        await relay.kill();
        await back;
        await relay.start();
        await world.hurry(arrived(bob, text));
      }
      assert.equal(await ann.history(bob), sent);
      assert.equal(await bob.history(ann), sent);
      assert.equal([...ann.all('error'), ...bob.all('error')], []);
    } finally {
      await relay.kill();
    }
  }));

test.run();
