/**
 * pim as its README shows it. The seed of the identity is given, so that the measuring process can
 * let either side have the lower key: who has it makes the offer, which is a round trip more or less.
 */

import type * as sdk from '../../../sdk/index.js';
import type { Contestant, Task } from './page.js';
import type {} from './trace.js';

type Sdk = Pick<typeof sdk, 'Pim' | 'browserPlatform'>;

/** What `start()` draws first, where there is no identity yet, is the seed of one (32 bytes). */
function seeded({ browserPlatform }: Sdk, seed: string): sdk.Platform {
  const platform = browserPlatform();
  let isDrawn = false;
  const random = (length: number) => {
    if (isDrawn || length !== 32) return platform.random(length);
    isDrawn = true;
    return Uint8Array.from(seed.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  };
  return { ...platform, random };
}

const noted: sdk.Logger = (_level, text) => void performance.mark(`log ${text}`);

export const pim = (library: Sdk): Contestant => {
  const make = ({ server, seed }: Task, options: sdk.PimOptions = {}): sdk.Pim =>
    new library.Pim({
      relays: [server],
      platform: seeded(library, seed),
      ...(globalThis.benchSteps === undefined ? {} : { logger: noted }),
      ...options,
    });
  return {
    async answer(task, show) {
      const me = make(task, { policy: 'accept' });
      me.on('message', (message) => {
        if (!message.mine) show(message.text);
      });
      const online = new Promise<void>((resolve) => {
        me.on('relay', ({ state }) => state === 'online' && resolve());
      });
      await me.start();
      await online;
      return me.address;
    },

    async send(task, bench) {
      const me = make(task);
      await me.start();
      bench.calledAt = performance.now();
      performance.mark('pim started');
      await me.send(task.to, task.text);
      performance.mark('pim stored');
    },
  };
};
