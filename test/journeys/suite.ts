/**
 * What people do with pim, from the first word on, over a small driver: the same journeys run in one
 * process and in real browsers.
 */

import type { Driver } from '../support/people.js';
import type { Test } from '../support/suite.js';
import { together } from '../support/together.js';
import { absence } from './absence.js';
import { devices } from './devices.js';
import { machines } from './machines.js';
import { meeting } from './meeting.js';
import { relays } from './relays.js';
import type { Journey } from './steps.js';

export const JOURNEYS: readonly Journey[] = [
  ...meeting,
  ...absence,
  ...relays,
  ...machines,
  ...devices,
];

/**
 * Registers every journey; each gets a driver of its own, closed at its end.
 * @param atOnce how many run side by side: they wait more than they work
 */
export function journeySuite(
  test: Test,
  makeDriver: () => Promise<Driver>,
  chosen: readonly Journey[] = JOURNEYS,
  atOnce = 1,
): void {
  const run = async (journey: Journey) => {
    const driver = await makeDriver();
    try {
      await journey.run(driver);
    } catch (fault) {
      await driver.close().catch(() => undefined);
      throw fault;
    }
    await driver.close();
  };
  const cases = chosen.map((journey) => [journey.name, () => run(journey)] as const);
  together(test, cases, atOnce);
}
