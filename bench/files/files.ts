/**
 * What a file costs: bytes a second beside a bare data channel and other libraries, words while a
 * file runs, and the memory of a gigabyte that is interrupted twice. Two pages of one Chromium, each a
 * process of its own, its profile on disk.
 */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openBrowser, originOf, temporaryFolder } from '../connect/browser.js';
import { type ServerName, startServers, type Urls } from '../connect/servers.js';
import { load, machine, ownVersion, versionOf } from '../machine.js';
import { keep } from '../results.js';
import { ratio, summary } from '../statistics.js';
import { count, table, times } from '../table.js';
import { type Content, contentIn } from './content.js';
import { watchHeap } from './heap.js';
import type { Way } from './page.js';
import { type Opener, words } from './words.js';

const MIB = 1_048_576;
const BULK = 128 * MIB;
/** `PIM_BENCH_LARGE_MIB`, a multiple of 64, for a quick look. */
const LARGE = Number(process.env.PIM_BENCH_LARGE_MIB ?? 1024) * MIB;

const SERVERS: Readonly<Record<Way, ServerName>> = {
  bare: 'signaller',
  'bare-far': 'signaller',
  pim: 'relay',
  peerjs: 'peer',
  'simple-peer': 'signaller',
  trystero: 'nostr',
};
const WAYS = Object.keys(SERVERS) as Way[];

/** @param only some of `bulk`, `words`, `large`, and of the contestants */
export async function files(rounds: number, only: readonly string[]): Promise<void> {
  const isWanted = (name: string) => only.length === 0 || only.includes(name);
  const folder = temporaryFolder('files');
  const before = load();
  await bundle(folder.path);
  const servers = await startServers(folder.path, {});
  const browser = await openBrowser();
  const content = contentIn(folder.path);
  let visits = 0;
  const open: Opener = async (way) => {
    const context = browser.context;
    const server = servers.urls[SERVERS[way]];
    visits++;
    const at = async (person: string) => {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`${way}: ${error.message}`));
      await page.goto(`${originOf(servers.urls.pages, `${person}${visits}`)}/page.html`);
      return page;
    };
    const [reader, author] = [await at('reader'), await at('author')];
    const task = (name: string, to: string) => ({ way, server, name: `${name}${visits}`, to });
    const to = await reader.evaluate((given) => benchFiles.answer(given), task('reader', ''));
    await author.evaluate((given) => benchFiles.open(given), task('author', to));
    const close = async () => {
      await Promise.all([reader.close(), author.close()]);
    };
    return { reader, author, close };
  };
  try {
    const result: Record<string, unknown> = {
      machine: machine(),
      load: before,
      version: ownVersion(),
    };
    result.browser = browser.version;
    const others = ['peerjs', 'simple-peer', 'trystero'];
    result.packages = Object.fromEntries(others.map((name) => [name, versionOf(name)]));
    const named = WAYS.filter((way) => only.includes(way));
    const ways = WAYS.filter((way) => way === 'bare' || named.length === 0 || named.includes(way));
    if (isWanted('bulk')) result.bulk = await bulk(open, content, rounds, ways);
    if (isWanted('words')) result.words = await words(open, content);
    if (isWanted('large')) result.large = await large(open, content, servers.urls);
    keep(only.length === 0 ? 'files' : `files-${only[0]}`, result);
  } finally {
    await browser.close();
    servers.stop();
    folder.clear();
  }
}

async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: folder,
    chunkNames: '[name]-[hash]',
    // Its own bundle: what it requires of Node is in there.
    alias: { 'simple-peer': 'simple-peer/simplepeer.min.js' },
    nodePaths: [join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules')],
    define: { global: 'globalThis' },
  });
}

/** Seconds for `BULK` bytes, by the reader having all of them; for pim: stored and checked. */
async function bulk(open: Opener, content: Content, rounds: number, ways: readonly Way[]) {
  const perS = new Map<Way, number[]>(ways.map((way) => [way, []]));
  for (let round = -1; round < rounds; round++) {
    for (const way of ways) {
      const { reader, author, close } = await open(way);
      if (way === 'pim') await content(author, BULK);
      const whole = reader.evaluate((bytes) => benchFiles.received(bytes), BULK);
      const from = performance.now();
      const offered = author.evaluate((bytes) => benchFiles.send(bytes), BULK);
      // What pim reads and hashes before it offers is not what crosses.
      const begun = way === 'pim' ? await offered.then(() => performance.now()) : from;
      await whole;
      const seconds = (performance.now() - begun) / 1000;
      await offered;
      await close();
      if (round >= 0) perS.get(way)?.push(BULK / MIB / seconds);
    }
  }
  const base = perS.get('bare') ?? [];
  const rows = ways.map((way) => {
    const rates = perS.get(way) ?? [];
    const { median, q1, q3 } = summary(rates);
    const { paired, low, high } = ratio(rates, base);
    const spread = `${count(q1)} – ${count(q3)}`;
    return [way, count(median), spread, times(paired), `${times(low)} – ${times(high)}`];
  });
  console.log(table([`${BULK / MIB} MiB`, 'MiB/s', 'quartiles', 'x bare', '95 %'], rows));
  return Object.fromEntries(perS);
}

/** A gigabyte, the connection cut once and the reader's page opened again once. */
async function large(open: Opener, content: Content, urls: Urls) {
  const { reader, author, close } = await open('pim');
  await content(author, LARGE);
  const heaps = [await watchHeap(reader), await watchHeap(author)] as const;
  const from = performance.now();
  await author.evaluate((bytes) => benchFiles.send(bytes), LARGE);
  const offered = performance.now();
  const past = (bytes: number) =>
    reader.waitForFunction((b) => benchFiles.progress() > b, bytes, { timeout: 300_000 });
  await past(0.3 * LARGE);
  await reader.evaluate(() => benchFiles.cut());
  await past(0.6 * LARGE);
  // What a page that was opened again has forgotten.
  const addresses = [
    await reader.evaluate(() => benchFiles.address()),
    await author.evaluate(() => benchFiles.address()),
  ] as const;
  const name = new URL(reader.url()).hostname.split('.')[0] ?? '';
  heaps[0].pause();
  await reader.reload();
  await reader.evaluate((given) => benchFiles.answer(given), {
    way: 'pim' as const,
    server: urls.relay,
    name,
    to: '',
  });
  heaps[0].resume();
  await reader.evaluate((bytes) => benchFiles.received(bytes), LARGE);
  const done = performance.now();
  const [readerGrowth, authorGrowth] = heaps.map((heap) => heap.stop());
  const [there, here] = [
    await author.evaluate((to) => benchFiles.hashes(to), addresses[0]),
    await reader.evaluate((to) => benchFiles.hashes(to), addresses[1]),
  ];
  const isSame = there.length === LARGE / (64 * MIB) && there.join() === here.join();
  await close();
  const figures = {
    offeredS: (offered - from) / 1000,
    crossedS: (done - offered) / 1000,
    reader: readerGrowth,
    author: authorGrowth,
    isSame,
  };
  console.log();
  console.log(
    table(
      [`${LARGE / MIB} MiB, interrupted twice`, 'figure'],
      [
        ['read and hashed before it is offered, s', count(figures.offeredS)],
        ['offered to whole, both breaks in it, s', count(figures.crossedS)],
        ...[figures.reader, figures.author].flatMap((growth, n) => [
          [
            `${n === 0 ? 'reader' : 'author'}: peak heap growth, held, MiB`,
            count((growth?.held ?? 0) / MIB),
          ],
          [
            `${n === 0 ? 'reader' : 'author'}: the same with garbage, MiB`,
            count((growth?.used ?? 0) / MIB),
          ],
        ]),
        ['equal on both sides', String(isSame)],
      ],
    ),
  );
  if (!isSame) throw new Error('the file is not the same on both sides');
  return figures;
}
