/**
 * Every attack of relay/evil at every step of a login, a set-up and a first contact: "not connected",
 * with a reason, or a conversation; and a conversation as soon as there is one honest relay. Here with
 * two people in one process; test/browser/evil-matrix.test.ts does it in Chromium.
 * @time-limit 240
 */

import { test } from 'uvu';
import { Pim } from '../../sdk/index.js';
import { type CellResult, runCell } from '../support/evil-cell.js';
import { allCells, type Cell, judge, nameOf, tableOf } from '../support/evil-cells.js';
import { printTable } from '../support/evil-report.js';
import { type World, withWorld } from '../support/people.js';
import { Disk, TestMachine } from '../support/platform.js';
import { together } from '../support/together.js';

const cells = allCells();
const results = new Map<string, CellResult>();

test.after(() => printTable('Every attack at every step:', tableOf(cells, results)));

async function resultOf(cell: Cell, world: World): Promise<CellResult> {
  const isMeant = (sealed: Uint8Array) =>
    cell.kind === null || world.kinds.of(sealed) === cell.kind;
  const [evil, honest] = await Promise.all([
    world.relay({ evil: [cell.order], isMeant }),
    world.relay(),
  ]);
  const person = async (name: string, relay: string) => {
    const { clock, network, kinds } = world;
    const platform = new TestMachine({ clock, network, kinds, owner: name, disk: new Disk() });
    const logger = (level: string, text: string) => {
      if (level === 'error') world.faults.push(`${name}: ${text}`);
    };
    const pim = new Pim({ name, relays: [relay], storage: 'memory', platform, logger });
    await pim.start();
    return pim;
  };
  const task = { name: nameOf(cell), step: cell.step, evil: evil.url, honest: honest.url };
  const stage = { person, now: world.clock.monotonic, calm: () => undefined };
  return world.hurry(runCell(task, stage));
}

const cases = cells.map((cell): [string, () => Promise<void>] => [
  nameOf(cell),
  () =>
    withWorld(async (world) => {
      const result = await resultOf(cell, world);
      results.set(nameOf(cell), result);
      judge(cell, result);
    }),
]);

// They wait much more than they work.
together(test, cases, 16);

test.run();
