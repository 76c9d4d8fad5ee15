/**
 * Runs in the browser: rides through a conversation in the widget from its newest message to its first
 * and back, a step each frame, and as many frames as one way took on a page with nothing on it.
 */

import '../history/page.js';
import { Pim } from '../../sdk/index.js';
import { PimChat } from '../../widget/define.js';

/** Pixels a frame: a fling that passes a screen of the chat in two frames. */
const STEP = 300;
/** Frames without any progress after which a ride is stuck. */
const PATIENCE = 600;

export interface Ride {
  readonly frames: number;
  /** Frames that came later than 50 ms after the one before. */
  readonly over50: number;
  readonly worstMs: number;
  readonly medianMs: number;
  /** The most elements that were in the widget at once. */
  readonly nodes: number;
  /** Messages that were seen, each counted once. */
  readonly seen: number;
}

export interface Rides {
  readonly up: Ride;
  readonly down: Ride;
  readonly empty: Ride;
}

const frame = (): Promise<number> => new Promise((at) => requestAnimationFrame(at));

/** @param step false once the ride is over */
async function ride(
  step: () => boolean,
  look: () => { nodes: number; ids: string[] },
): Promise<Ride> {
  const took: number[] = [];
  const seen = new Set<string>();
  let nodes = 0;
  let last = await frame();
  while (step()) {
    const now = await frame();
    took.push(now - last);
    last = now;
    if (took.length % 8 !== 0) continue; // looking costs time of the next frame
    const found = look();
    nodes = Math.max(nodes, found.nodes);
    for (const id of found.ids) seen.add(id);
  }
  const sorted = [...took].sort((a, b) => a - b);
  return {
    frames: took.length,
    over50: took.filter((each) => each > 50).length,
    worstMs: sorted.at(-1) ?? 0,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    nodes,
    seen: seen.size,
  };
}

/** True as long as it goes on in `direction`, waiting for what is being read at an edge. */
function drive(log: HTMLElement, direction: 1 | -1, isOver: () => boolean): () => boolean {
  let still = 0;
  return () => {
    const before = log.scrollTop;
    log.scrollTop += direction * STEP;
    still = log.scrollTop === before ? still + 1 : 0;
    if (still > PATIENCE) throw new Error('the ride is stuck');
    return !(still > 2 && isOver());
  };
}

async function open(profile: string, friend: string): Promise<ShadowRoot> {
  const pim = new Pim({ profile });
  await pim.start();
  PimChat.define();
  const chat = document.createElement('pim-chat');
  Object.assign(chat.style, { width: '400px', height: '640px' });
  for (const [name, value] of [
    ['mode', 'inline'],
    ['to', friend],
    ['connect', 'load'],
  ] as const) {
    chat.setAttribute(name, value);
  }
  chat.pim = pim;
  document.body.append(chat);
  const root = chat.shadowRoot as ShadowRoot;
  for (let turn = 0; root.querySelector('.beside') === null; turn += 1) {
    if (turn > PATIENCE) throw new Error('the chat did not open');
    await frame();
  }
  return root;
}

async function scroll(profile: string, friend: string): Promise<Rides> {
  const root = await open(profile, friend);
  const log = root.querySelector<HTMLElement>('.log');
  if (log === null) throw new Error('there is no log');
  const look = () => ({
    nodes: root.querySelectorAll('*').length,
    ids: [...root.querySelectorAll<HTMLElement>('[data-id]')].map(
      ({ dataset }) => dataset.id ?? '',
    ),
  });
  const isFirst = () => log.scrollTop === 0 && root.querySelector('.items > .hint') !== null;
  const up = await ride(drive(log, -1, isFirst), look);
  const down = await ride(
    drive(log, 1, () => root.querySelector('.jump') === null),
    look,
  );
  document.body.replaceChildren();
  const blank = document.body.appendChild(document.createElement('div'));
  Object.assign(blank.style, { width: '400px', height: '640px', overflow: 'auto' });
  const filler = blank.appendChild(document.createElement('div'));
  filler.style.height = '1000000px';
  let left = up.frames;
  const step = () => {
    blank.scrollTop += STEP;
    left -= 1;
    return left >= 0;
  };
  const empty = await ride(step, () => ({ nodes: document.querySelectorAll('*').length, ids: [] }));
  return { up, down, empty };
}

declare global {
  var scrollHistory: typeof scroll;
}

globalThis.scrollHistory = scroll;
