/** What a file waits for: words that are being stored, and mine until they are delivered; never for long. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Queue } from '../../sdk/base/queue.js';
import { RightOfWay, Words } from '../../sdk/chat/files/right-of-way.js';
import { FILE_HOLD_MS, FILE_TALK_MS } from '../../sdk/protocol/limits.js';
import { HandPlatform, settle } from '../transport/hand-platform.js';

const way = suite('right of way');

function set() {
  const platform = new HandPlatform();
  const words = new Words(new Queue());
  const talk = {
    log: new Uint8Array(8),
    ownHead: 3,
    delivered: 3,
    record: { clock: 10 },
    deliveredTo: () => talk.delivered,
  };
  const run = new RightOfWay(platform, words, talk);
  const tell = () => words.moved();
  /** Whether a message of the file may go now. */
  const asked = () => {
    const state = { isClear: false };
    void run.clear().then(() => {
      state.isClear = true;
    });
    return state;
  };
  return { platform, words, talk, run, tell, asked };
}

way('with nobody saying anything nothing is waited for', async () => {
  const { asked, run } = set();
  const file = asked();
  await settle();
  assert.is(file.isClear, true);
  assert.is(run.isTalking, false);
});

way('while a word is being stored a file stands still', async () => {
  const { words, asked } = set();
  let stored = () => {};
  void words.queue.run(
    () =>
      new Promise<void>((resolve) => {
        stored = resolve;
      }),
  );
  const file = asked();
  await settle();
  assert.is(file.isClear, false);
  stored();
  await settle();
  assert.is(file.isClear, true);
});

way('until my word is delivered a file stands still, and goes on as soon as it is', async () => {
  const { talk, tell, asked, words, platform } = set();
  talk.ownHead = 5;
  const file = asked();
  await settle();
  talk.delivered = 4;
  tell();
  await settle();
  assert.is(file.isClear, false, 'another one is on its way');
  talk.delivered = 5;
  tell();
  await settle();
  assert.is(file.isClear, true);
  assert.is(words.waiting.size, 0);
  await platform.pass(FILE_HOLD_MS);
  assert.is(asked().isClear, false, 'which takes a turn');
});

way('words nobody takes are waited for once; the next ones again', async () => {
  const { platform, talk, tell, asked } = set();
  talk.ownHead = 4;
  const first = asked();
  await settle();
  await platform.pass(FILE_HOLD_MS - 1);
  await settle();
  assert.is(first.isClear, false);
  await platform.pass(1);
  await settle();
  assert.is(first.isClear, true);
  const second = asked();
  await settle();
  assert.is(second.isClear, true, 'without any wait');
  talk.ownHead = 5;
  const third = asked();
  await settle();
  assert.is(third.isClear, false);
  talk.delivered = 5;
  tell();
  await settle();
  assert.is(third.isClear, true);
});

way('whoever writes without end does not stop a file for ever', async () => {
  const { platform, talk, tell, asked } = set();
  talk.ownHead = 1_000;
  const file = asked();
  for (let ms = 0; ms < FILE_HOLD_MS; ms += 50) {
    await settle();
    assert.is(file.isClear, false, `${ms}`);
    talk.delivered++;
    tell();
    await platform.pass(50);
  }
  await settle();
  assert.is(file.isClear, true);
});

way('people talk from a word on for a while, whoever said it', async () => {
  const { platform, talk, run } = set();
  talk.record = { clock: 11 };
  assert.is(run.isTalking, true);
  await platform.pass(FILE_TALK_MS - 1);
  assert.is(run.isTalking, true);
  await platform.pass(1);
  assert.is(run.isTalking, false);
  talk.record = { clock: 12 };
  assert.is(run.isTalking, true);
});

way.run();
