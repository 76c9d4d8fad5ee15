/**
 * What people do with pim, from the first word on, over a small driver: the same journeys run in one
 * process and in real browsers.
 */

import type { Driver } from '../support/people.js';
import type { Test } from '../support/suite.js';
import { absence } from './absence.js';
import { machines } from './machines.js';
import { meeting } from './meeting.js';
import { relays } from './relays.js';
import type { Journey } from './steps.js';

export const JOURNEYS: readonly Journey[] = [...meeting, ...absence, ...relays, ...machines];

/** Registers every journey; each gets a driver of its own, closed at its end. */
export function journeySuite(
  test: Test,
  makeDriver: () => Promise<Driver>,
  chosen: readonly Journey[] = JOURNEYS,
): void {
  for (const { name, run } of chosen) {
    test(name, async () => {
      const driver = await makeDriver();
      try {
        await run(driver);
      } catch (fault) {
        await driver.close().catch(() => undefined);
        throw fault;
      }
      await driver.close();
    });
  }
}
