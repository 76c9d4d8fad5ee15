/** Files between two people of this process: offered, fetched, stopped, broken off and gone on with. @time-limit 120 */

import { randomBytes } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cleanLine } from '../../sdk/base/check.js';
import type { FileStatus } from '../../sdk/index.js';
import { friends } from '../journeys/steps.js';
import { eventually, type LocalPerson, refused, type World, withWorld } from '../support/people.js';

const MIB = 1024 * 1024;
const files = suite('files');

/** The code a call is refused with. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  return (await refused(call)).code;
}

const some = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(bytes));
const fileOf = (bytes: Uint8Array<ArrayBuffer>, name = 'a file.bin', type = '') =>
  new File([bytes], name, { type });

interface Two {
  readonly world: World;
  readonly ann: LocalPerson;
  readonly bob: LocalPerson;
}

function withTwo(use: (two: Two) => Promise<void>, options = {}): Promise<void> {
  return withWorld(async (world) => {
    const { ann, bob } = await friends(world, options);
    await use({ world, ann: ann as LocalPerson, bob: bob as LocalPerson });
  });
}

/** Ann offers a file; its message's id, once Bob has it. */
async function offer({ ann, bob }: Two, file: File): Promise<string> {
  const { id } = await ann.pim.files.send(bob.address, file);
  await bob.sees('message', (message) => message.id === id);
  return id;
}

const status = (person: LocalPerson, other: LocalPerson, id: string) =>
  person.pim.files.status(other.address, id);

async function becomes(
  person: LocalPerson,
  other: LocalPerson,
  id: string,
  state: FileStatus['state'],
): Promise<FileStatus> {
  await eventually(
    async () => (await status(person, other, id)).state === state,
    `${person.name}’s file is ${state}`,
    60_000, // whole files, on a machine that has others to do
  );
  return status(person, other, id);
}

async function bytesAt(person: LocalPerson, other: LocalPerson, id: string): Promise<Uint8Array> {
  const file = await person.pim.files.read(other.address, id);
  return new Uint8Array(await file.arrayBuffer());
}

/** It is whole at Bob, and the same. */
async function arrives({ ann, bob }: Two, id: string, bytes: Uint8Array): Promise<void> {
  await becomes(bob, ann, id, 'done');
  assert.equal(await bytesAt(bob, ann, id), bytes);
}

/** What a file reads as far as it is held. */
const HELD = 6 * MIB;

interface Half {
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The rest can be read from now on. */
  letGo(): void;
}

/** Ann offers a file of which Bob, who accepted it, has got the first 6 MiB, and no more for now. */
async function halfSent(two: Two, size = 12 * MIB): Promise<Half> {
  const { ann, bob } = two;
  const bytes = some(size);
  const file = fileOf(bytes);
  let letGo = () => {};
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // To be offered it is read once from end to end.
  const id = await offer(two, file);
  file.slice = (from, to = size) => {
    const part = Blob.prototype.slice.call(file, from, to);
    const later = { arrayBuffer: () => free.then(() => part.arrayBuffer()) };
    return to <= HELD ? part : (later as Blob);
  };
  await bob.pim.files.accept(ann.address, id);
  await eventually(async () => (await status(bob, ann, id)).bytes === HELD, 'half of it');
  return { id, bytes, letGo };
}

files('a file is offered, fetched when it is wanted, and the same over there', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const bytes = some(700_000);
    const id = await offer(two, fileOf(bytes, 'a file.bin', 'application/zip'));
    const message = bob.all('message').find((each) => each.id === id);
    assert.equal(message?.file, { name: 'a file.bin', size: 700_000, type: 'application/zip' });
    assert.is(message?.text, '');
    const offered = await status(bob, ann, id);
    assert.equal([offered.state, offered.bytes, offered.isHere], ['offered', 0, false]);
    assert.is(await codeOf(bob.pim.files.read(ann.address, id)), 'file/missing');
    await bob.pim.files.accept(ann.address, id);
    const done = await becomes(bob, ann, id, 'done');
    assert.equal([done.bytes, done.isHere, done.mine], [700_000, true, false]);
    assert.equal(await bytesAt(bob, ann, id), bytes);
    const file = await bob.pim.files.read(ann.address, id);
    assert.equal([file.name, file.type], ['a file.bin', 'application/octet-stream']);
    await becomes(ann, bob, id, 'done');
    assert.equal(await bytesAt(ann, bob, id), bytes);
  }),
);

files('an empty one, one of a piece and one a byte longer arrive', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    for (const size of [0, 1, 262_144, 262_145]) {
      const bytes = some(size);
      const id = await offer(two, fileOf(bytes));
      await bob.pim.files.accept(ann.address, id);
      await arrives(two, id, bytes);
      await becomes(ann, bob, id, 'done');
    }
  }),
);

files('words go with a file, it answers a message, and can be edited', () =>
  withTwo(async ({ ann, bob }) => {
    const first = bob.all('message')[0]!;
    const sent = await bob.pim.conversations.sendFile(ann.address, fileOf(some(10)), {
      text: 'here',
      replyTo: first.id,
      name: 'other.bin',
    });
    assert.equal([sent.text, sent.replyTo, sent.file?.name], ['here', first.id, 'other.bin']);
    const edited = await bob.pim.conversations.edit(ann.address, sent.id, 'there');
    assert.equal([edited.text, edited.file?.name], ['there', 'other.bin']);
  }),
);

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4]);

files('a small picture of a friend is fetched without a click', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const id = await offer(two, fileOf(PNG, 'p.png', 'image/png'));
    await becomes(bob, ann, id, 'done');
    assert.is((await bob.pim.files.read(ann.address, id)).type, 'image/png');
  }),
);

files('what says to be a picture and is none is read as plain bytes; others wait for a yes', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const html = new TextEncoder().encode('<script>alert(1)</script>') as Uint8Array<ArrayBuffer>;
    const liar = await offer(two, fileOf(html, 'p.png', 'image/png'));
    await becomes(bob, ann, liar, 'done');
    assert.is((await bob.pim.files.read(ann.address, liar)).type, 'application/octet-stream');
    const svg = await offer(two, fileOf(html, 'p.svg', 'image/svg+xml'));
    const large = await offer(two, fileOf(some(5_242_881), 'p.png', 'image/png'));
    for (const id of [svg, large]) assert.is((await status(bob, ann, id)).state, 'offered');
  }),
);

const picture = () => fileOf(some(5_242_880), 'p.png', 'image/png');

/** Those of 13 large pictures that are fetched unasked are the first twelve. */
async function twelveArrive({ ann, bob }: Two, ids: readonly string[]): Promise<void> {
  for (const id of ids.slice(0, 12)) await becomes(bob, ann, id, 'done');
  assert.is((await status(bob, ann, ids[12]!)).state, 'offered');
}

files('pictures beyond 64 MiB an hour wait for a yes', () =>
  withTwo(async (two) => {
    const ids = [await offer(two, picture())];
    await becomes(two.bob, two.ann, ids[0]!, 'done');
    while (ids.length < 13) ids.push(await offer(two, picture()));
    await twelveArrive(two, ids);
  }),
);

files('of pictures sent while one was away, those beyond 64 MiB wait for a yes', () =>
  withTwo(async (two) => {
    const { ann, bob, world } = two;
    await bob.leave();
    const ids: string[] = [];
    while (ids.length < 13) ids.push((await ann.pim.files.send(bob.address, picture())).id);
    for (let i = 0; i < 25; i++) await ann.ask('send', bob.address, `${i}`);
    await bob.reload();
    await world.hurry(bob.sees('message', ({ text }) => text === '24'));
    await twelveArrive(two, ids);
  }),
);

files('a name becomes one that can be saved', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    for (const [given, safe] of [
      ['../../etc/passwd', '_.._etc_passwd'],
      ['a\u202Egpj.exe', 'a gpj.exe'],
      ['con.txt', '_con.txt'],
      ['...', 'file'],
      [`${'x'.repeat(10_000)}.tar.gz`, `${'x'.repeat(117)}.gz`],
      ['C:\\x\u0000y?.bin', 'C_x y_.bin'],
    ] as const) {
      const id = await offer(two, fileOf(some(1), given));
      assert.is((await status(bob, ann, id)).name, safe);
      const { file } = bob.all('message').find((each) => each.id === id)!;
      assert.is(cleanLine(file!.name), file!.name);
      assert.ok(file!.name.length <= 255);
    }
  }),
);

files('no is said and heard; it can become a yes', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const id = await offer(two, fileOf(some(1_000)));
    await bob.pim.files.decline(ann.address, id);
    const there = await becomes(ann, bob, id, 'declined');
    assert.is(there.by, 'them');
    assert.is((await status(bob, ann, id)).by, 'me');
    await bob.pim.files.accept(ann.address, id);
    await becomes(bob, ann, id, 'done');
    await becomes(ann, bob, id, 'done');
  }),
);

for (const [who, isReader] of [
  ['reader', true],
  ['author', false],
] as const) {
  files(`its ${who} pauses it and goes on`, () =>
    withTwo(async (two) => {
      const [here, there] = isReader ? [two.bob, two.ann] : [two.ann, two.bob];
      const { id, bytes, letGo } = await halfSent(two);
      await here.pim.files.pause(there.address, id);
      assert.is((await becomes(there, here, id, 'paused')).by, 'them');
      assert.is((await becomes(here, there, id, 'paused')).by, 'me');
      const { bytes: before } = await status(two.bob, two.ann, id);
      assert.ok(before < bytes.length && before > 0, String(before));
      letGo();
      await here.pim.files.resume(there.address, id);
      await arrives(two, id, bytes);
    }),
  );
}

files(
  'given up by either side it is gone over there, and can be asked for again by its reader',
  () =>
    withTwo(async (two) => {
      const { ann, bob } = two;
      const { id } = await halfSent(two);
      await bob.pim.files.cancel(ann.address, id);
      await becomes(ann, bob, id, 'cancelled');
      assert.equal((await status(bob, ann, id)).bytes, 0);
      await bob.pim.files.accept(ann.address, id);
      await becomes(ann, bob, id, 'running');
      await ann.pim.files.cancel(bob.address, id);
      assert.is((await becomes(bob, ann, id, 'cancelled')).by, 'them');
    }),
);

files('goes on after its reader’s page was opened again, from where it was', () =>
  withTwo(async (two) => {
    const { ann, bob, world } = two;
    const { id, bytes, letGo } = await halfSent(two);
    const stored = async () => (await status(ann, bob, id)).bytes;
    await eventually(async () => (await stored()) === HELD, 'all that came is stored');
    await bob.reload();
    const past = bob.log.length;
    const { bytes: kept } = await status(bob, ann, id);
    assert.is(kept, HELD);
    letGo();
    await world.hurry(arrives(two, id, bytes));
    const told = bob.log.slice(past).flatMap(({ type, event }) => {
      return type === 'file:progress' ? (event as FileStatus).bytes : [];
    });
    assert.ok(told.length > 0 && told.every((each) => each >= kept), String(told));
  }),
);

files('goes on after its author’s page was opened again: a small one is kept', () =>
  withTwo(async (two) => {
    const { id, bytes } = await halfSent(two);
    await two.ann.reload();
    await two.world.hurry(arrives(two, id, bytes));
  }),
);

files('a large one has to be chosen again, and only the same will do', () =>
  withTwo(async (two) => {
    const { ann, bob, world } = two;
    const { id, bytes } = await halfSent(two, 18 * MIB);
    await ann.reload();
    await world.hurry(becomes(bob, ann, id, 'missing'));
    await becomes(ann, bob, id, 'missing');
    const other = bytes.slice();
    other[bytes.length - 1]! ^= 1;
    assert.is(
      await codeOf(ann.pim.files.provide(bob.address, id, fileOf(other))),
      'file/different',
    );
    await ann.pim.files.provide(bob.address, id, fileOf(bytes));
    await arrives(two, id, bytes);
  }),
);

files('goes on after the line was cut, on another one', () =>
  withTwo(async (two) => {
    const { bob, world } = two;
    const { id, bytes, letGo } = await halfSent(two, 20 * MIB);
    world.network.fail(bob.owner);
    letGo();
    await world.hurry(arrives(two, id, bytes));
  }),
);

files('wanted while its author is away, it comes when they are back', () =>
  withTwo(async (two) => {
    const { ann, bob, world } = two;
    const id = await offer(two, fileOf(some(1_000)));
    await ann.leave();
    await world.hurry(bob.sees('presence', (each) => !each.online, { past: 0 }));
    await bob.pim.files.accept(ann.address, id);
    assert.is((await status(bob, ann, id)).state, 'waiting');
    await ann.reload();
    await world.hurry(becomes(bob, ann, id, 'done'));
  }),
);

files('more than three run one after the other', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push(await offer(two, fileOf(some(300_000))));
    await Promise.all(ids.map((id) => bob.pim.files.accept(ann.address, id)));
    for (const id of ids) await becomes(bob, ann, id, 'done');
    const running = new Set<string>();
    let most = 0;
    for (const { id, state } of bob.all('file:progress')) {
      if (state === 'running') running.add(id);
      else running.delete(id);
      most = Math.max(most, running.size);
    }
    assert.ok(most <= 3 && most > 1, String(most));
  }),
);

files('two hundred files in one session use the numbers of their channels again', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    for (let n = 0; n < 120; n++) {
      const id = await offer(two, fileOf(some(20)));
      await bob.pim.files.accept(ann.address, id);
      await becomes(bob, ann, id, 'done');
    }
  }),
);

files('a deleted message takes its file along, on both sides', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const { id, letGo } = await halfSent(two);
    await ann.pim.conversations.delete(bob.address, id);
    await bob.sees('message:update', (each) => each.id === id && each.deleted);
    letGo();
    assert.is(await codeOf(bob.pim.files.status(ann.address, id)), 'file/unknown');
    assert.is(await codeOf(ann.pim.files.read(bob.address, id)), 'file/unknown');
    await eventually(
      async () => (await fileRows(bob)) + (await fileRows(ann)) === 0,
      `rows: ${await fileRows(ann)} ${await fileRows(bob)}`,
    );
  }),
);

/** Rows of files that are left in somebody's store. */
async function fileRows(person: LocalPerson): Promise<number> {
  const open = person.disk.factory.open('pim');
  const database = await new Promise<IDBDatabase>((resolve) => {
    open.onsuccess = () => resolve(open.result);
  });
  const request = database.transaction('files').objectStore('files').getAllKeys();
  const keys = await new Promise<IDBValidKey[]>((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return keys.length;
}

files('a full disk stops it with a reason, and it goes on', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const { id, bytes, letGo } = await halfSent(two);
    bob.disk.isFull = true;
    letGo();
    const failed = await becomes(bob, ann, id, 'failed');
    assert.is(failed.reason?.code, 'storage/full');
    bob.disk.isFull = false;
    await bob.pim.files.resume(ann.address, id);
    await arrives(two, id, bytes);
  }),
);

files('what is kept in memory only has a limit', () =>
  withTwo(
    async (two) => {
      const { ann, bob } = two;
      const id = await offer(two, fileOf(new Uint8Array(67_108_865)));
      assert.is(await codeOf(bob.pim.files.accept(ann.address, id)), 'file/too-large');
      const small = await offer(two, fileOf(some(100_000)));
      await bob.pim.files.accept(ann.address, small);
      await becomes(bob, ann, small, 'done');
    },
    { storage: 'memory' },
  ),
);

files('calls that make no sense are refused', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const text = bob.all('message')[0]!.id;
    const id = await offer(two, fileOf(some(10)));
    const of = (call: Promise<unknown>) => codeOf(call);
    assert.is(await of(bob.pim.files.accept(ann.address, text)), 'file/unknown');
    assert.is(await of(ann.pim.files.accept(bob.address, id)), 'file/unknown');
    assert.is(await of(bob.pim.files.provide(ann.address, id, new Blob([]))), 'file/unknown');
    assert.is(await of(bob.pim.files.status(ann.address, 'x')), 'options/invalid');
    assert.is(await of(bob.pim.files.send(ann.address, 'x' as never)), 'options/invalid');
    const signal = AbortSignal.abort();
    const aborted = bob.pim.files.send(ann.address, fileOf(some(10)), { signal });
    assert.is(await of(aborted), 'pim/aborted');
  }),
);

files('a file that can no longer be read says so, on both sides', () =>
  withTwo(async (two) => {
    const { ann, bob } = two;
    const file = fileOf(some(18 * MIB));
    const id = await offer(two, file);
    file.slice = () => ({ arrayBuffer: () => Promise.reject(new Error('moved')) }) as never;
    await bob.pim.files.accept(ann.address, id);
    await becomes(bob, ann, id, 'missing');
    const there = await becomes(ann, bob, id, 'missing');
    assert.is(there.reason?.code, 'file/unreadable');
  }),
);

files.run();
