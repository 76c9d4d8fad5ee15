/** What connections are made with: the page's servers, then the relays', and never a throw. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError, type PimError } from '../../sdk/base/errors.js';
import { iceConfig } from '../../sdk/ice-config.js';
import { encodeTurn } from '../../sdk/protocol/turn.js';
import { HandPlatform } from '../transport/hand-platform.js';

const own = [{ urls: 'stun:own.example' }];
const given = [{ urls: 'turn:relay.example', username: '1:a', credential: 'b' }];
const body = encodeTurn({
  lifetimeS: 60,
  username: '1:a',
  password: 'b',
  urls: ['turn:relay.example'],
});

function asked(options: Partial<Parameters<typeof iceConfig>[0]> = {}, hides?: boolean) {
  const platform = new HandPlatform();
  const faults: PimError[] = [];
  const at = platform.monotonic();
  const clock = platform.monotonic;
  const hasRead = new Promise<void>((resolve) => {
    platform.monotonic = () => {
      resolve();
      return clock();
    };
  });
  const config = iceConfig(
    {
      iceServers: async () => own,
      ownTurnOnly: false,
      relayOnly: false,
      platform,
      logger: () => undefined,
      ...options,
    },
    { turnNotes: [{ body, at }] },
    (fault) => faults.push(fault),
    hides,
  );
  return { config, faults, hasRead, platform };
}

test("one's own servers come first, then those of the relays", async () => {
  assert.equal(await asked().config, { iceServers: [...own, ...given] });
  assert.equal(await asked({ relayOnly: true }).config, {
    iceServers: [...own, ...given],
    iceTransportPolicy: 'relay',
  });
});

test('one connection alone may be hidden, and none is shown where the options hide all', async () => {
  const hidden = { iceServers: [...own, ...given], iceTransportPolicy: 'relay' };
  assert.equal(await asked({}, true).config, hidden);
  assert.equal(await asked({ relayOnly: true }, false).config, hidden);
  assert.equal(await asked({}, false).config, { iceServers: [...own, ...given] });
});

test('servers of relays are refused on demand', async () => {
  assert.equal(await asked({ ownTurnOnly: true }).config, { iceServers: own });
});

test("a page that gives no servers costs its own, not the relays'", async () => {
  const silent = asked({ iceServers: () => new Promise(() => undefined), relayOnly: true });
  // The relays' servers are there, however long their file took; the clock stood still meanwhile.
  await silent.hasRead;
  await silent.platform.pass(5_000);
  const failing = asked({ iceServers: () => Promise.reject(new Error('no')), relayOnly: true });
  const odd = asked({ iceServers: async () => null as never, relayOnly: true });
  for (const { config, faults, platform } of [silent, failing, odd]) {
    assert.equal(await config, { iceServers: given, iceTransportPolicy: 'relay' });
    assert.ok(isPimError(faults[0], 'options/invalid') && faults[0].detail.option === 'iceServers');
    assert.is(platform.waiting, 0);
  }
});

test.run();
