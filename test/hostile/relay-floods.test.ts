/**
 * One client floods at full speed, from one address; a hundred others go on as if it were not there.
 * Relay, flooder and the polite are processes of their own, and quiet and flooded windows take turns,
 * so that what else the machine does disturbs both. In the quiet ones the flooder's process spins: a
 * real one would be another machine, and take no processor time from anybody here. @alone
 * @time-limit 400
 */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { proof, RelayClient, random, testKey } from '../support/relay-client.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const POLITE = 100;
/** Of each polite client; a window gives about 400 figures. */
const EVERY_MS = 250;
const WINDOW_MS = 1_000;
/** Quiet and flooded windows of each vector. */
const WINDOWS = 5;
const MAX_RATIO = 3;
/** Times a vector is measured at most. */
const MEASURED = 3;
/**
 * Milliseconds. A p99 below this is the scheduler's, not the relay's: two quiet windows on a shared
 * machine differ by as much.
 */
const NOISE_MS = 2;
/** The flooder is another machine in truth: it gets the processor time that the others leave. */
const FLOODER_PRIORITY = 15;

const VECTORS = [
  ...['valid frames', 'large frames', 'malformed frames', 'unknown frames', 'fragments'],
  ...['WebSocket pings', 'PING frames', 'bad logins', 'connections'],
  ...['HTTP requests', 'HTTP garbage'],
];

interface Scene {
  relay: ChildProcess;
  port: number;
  polite: RelayClient[];
}

const test = suite<Scene>('floods');

test.before(async (scene) => {
  const args = ['--import', 'tsx', 'sdk/node/cli.ts', 'relay', '--port', '0'];
  scene.relay = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: scene.relay.stdout! });
  const [line] = (await once(lines, 'line')) as [string];
  scene.port = Number(/:(\d+)\/$/.exec(line)?.[1]);
  const url = `ws://127.0.0.1:${scene.port}`;
  scene.polite = [];
  for (let i = 0; i < POLITE; i++) {
    const client = await RelayClient.open(url, { localAddress: `127.0.1.${i + 1}` });
    const key = testKey();
    client.send(proof(await client.next('challenge'), { origin: url, key }));
    await client.next('ok');
    client.key = key;
    scene.polite.push(client);
  }
});

test.after(async ({ polite, relay }) => {
  for (const client of polite) client.socket.terminate();
  relay.kill('SIGKILL');
  printOutcomes('One client floods, a hundred go on:');
});

/** Sends to the next one, over and over; resolves to how long each envelope took. */
async function chat(scene: Scene, ms: number): Promise<number[]> {
  const took: number[] = [];
  const end = performance.now() + ms;
  const talk = async (client: RelayClient, index: number) => {
    const friend = scene.polite[(index + 1) % POLITE] as RelayClient;
    await pause((EVERY_MS * index) / POLITE);
    for (;;) {
      const from = performance.now();
      client.sendTo(friend.key!.publicKey, random(561));
      await friend.next('receive');
      took.push(performance.now() - from);
      // Who would only come back after the end does not keep the others waiting.
      if (performance.now() + EVERY_MS >= end) return;
      await pause(EVERY_MS);
    }
  };
  await Promise.all(scene.polite.map(talk));
  return took;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] as number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] as number;

async function flooder(port: number, vector: string): Promise<ChildProcess> {
  const child = fork(`${ROOT}/test/support/flooder.ts`, [String(port), '127.0.0.66', vector], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'spawn');
  setPriority(child.pid as number, FLOODER_PRIORITY);
  // Its start is no attack: the windows begin when it has loaded.
  await once(child, 'message');
  return child;
}

async function measure(scene: Scene, vector: string): Promise<{ quiet: number; flooded: number }> {
  const quiet: number[] = [];
  const flooded: number[] = [];
  const child = await flooder(scene.port, vector);
  for (let i = 0; i < WINDOWS; i++) {
    child.send('spin');
    quiet.push(p99(await chat(scene, WINDOW_MS)));
    child.send('flood');
    flooded.push(p99(await chat(scene, WINDOW_MS)));
    child.send('spin');
    // What it has sent already is the flood's, too: it must not disturb the next quiet window.
    await pause(500);
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { quiet: median(quiet), flooded: median(flooded) };
}

for (const vector of VECTORS) {
  test(`a flood of ${vector}: the p99 of 100 polite clients stays below three times their quiet one`, async (scene) => {
    let { flooded, quiet } = await measure(scene, vector);
    // What else the machine does only ever adds: a flood that hurts does so each time.
    for (
      let again = 1;
      again < MEASURED && flooded >= MAX_RATIO * Math.max(quiet, NOISE_MS);
      again++
    )
      ({ flooded, quiet } = await measure(scene, vector));
    const ratio = flooded / Math.max(quiet, NOISE_MS);
    outcome(
      `a flood of ${vector}`,
      `p99 of the polite ${flooded.toFixed(1)} ms, quiet ${quiet.toFixed(1)} ms, ratio ${ratio.toFixed(2)}`,
    );
    assert.ok(ratio < MAX_RATIO, `${vector}: ${flooded.toFixed(1)} of ${quiet.toFixed(1)} ms`);
  });
}

test('everybody polite is still there', ({ polite }) => {
  for (const { socket } of polite) assert.is(socket.readyState, socket.OPEN);
});

test.run();
