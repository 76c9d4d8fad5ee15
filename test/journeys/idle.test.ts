/** What somebody who does nothing sends through a relay in an hour. @time-limit 120 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outcome, printOutcomes } from '../support/evil-report.js';
import { type LocalRelay, type World, withWorld } from '../support/people.js';
import { friends } from './steps.js';

const HOUR_S = 3_600;
/** Bytes of an hour, both ways' worth of WebSocket headers included for what the client sends. */
const MAX_BYTES_AN_HOUR = 2_048;
/** RFC 6455 §5.2: header and mask of a short message of a client. */
const FRAME_OVERHEAD_BYTES = 6;

/** Lets `seconds` pass, second by second; what is sent in one is answered in it. */
async function pass(world: World, seconds: number): Promise<void> {
  for (let s = 0; s < seconds; s++) {
    world.clock.jump(1_000);
    await world.clock.work.rest();
  }
}

async function sentIn(world: World, { relay }: LocalRelay, seconds: number): Promise<number> {
  const before = relay.stats();
  await pass(world, seconds);
  const after = relay.stats();
  const frames = after.framesIn - before.framesIn;
  return after.bytesIn - before.bytesIn + frames * FRAME_OVERHEAD_BYTES;
}

test('somebody alone, and two who are connected, send at most 2 KB an hour each', () =>
  withWorld(async (world) => {
    const relay = await world.relay();
    const alone = await world.person('Ann', { relays: [relay.url] });
    await alone.sees('relay', (event) => event.state === 'online');
    const bytes = await sentIn(world, relay, HOUR_S);
    assert.ok(bytes > 0 && bytes <= MAX_BYTES_AN_HOUR, `${bytes} bytes`);
    outcome('alone', `${bytes} bytes an hour`);
    await alone.leave();
    await friends(world, { relays: [relay.url] });
    // The handshake's last candidates are no idleness.
    await pass(world, 60);
    const both = await sentIn(world, relay, HOUR_S);
    outcome('connected to a friend', `${both / 2} bytes an hour each`);
    assert.ok(both / 2 <= MAX_BYTES_AN_HOUR, `${both / 2} bytes`);
  }));

test.after(() => printOutcomes('What an idle client sends through its relay:'));

test.run();
