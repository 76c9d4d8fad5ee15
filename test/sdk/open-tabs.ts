/** A browser of one person in hand, with as many tabs as a test opens; nobody else there. */

import { toHex } from '../../sdk/base/bytes.js';
import type { AnyEvent } from '../../sdk/base/emitter.js';
import { Pim, type PimEvents, type PimOptions } from '../../sdk/index.js';
import { decodeAddress } from '../../sdk/protocol/address.js';
import { IndexedDbStorage } from '../../sdk/storage/indexeddb-storage.js';
import { FakeNetwork } from '../support/fake-rtc.js';
import { Disk, TestMachine } from '../support/platform.js';
import { TestClock } from '../support/test-clock.js';

export interface OpenTab {
  readonly pim: Pim;
  readonly machine: TestMachine;
  readonly events: AnyEvent<PimEvents>[];
  texts(): string[];
}

export class Browser {
  readonly disk = new Disk();
  readonly clock = new TestClock();
  readonly network = new FakeNetwork(this.clock, this.clock.laneOf);

  tab(options: PimOptions = {}): OpenTab {
    const { disk, clock, network } = this;
    const machine = new TestMachine({ disk, clock, network, owner: 'Ann' });
    const pim = new Pim({ platform: machine, ...options });
    const events: AnyEvent<PimEvents>[] = [];
    pim.on('*', (told) => events.push(told));
    const texts = () => events.flatMap((told) => (told.type === 'message' ? told.event.text : []));
    return { pim, machine, events, texts };
  }

  /** Strangers ask: as the chat keeps it once their INVITE was opened. While no tab is open. */
  async asked(...addresses: readonly string[]): Promise<void> {
    const storage = new IndexedDbStorage(this.disk.factory, 'pim');
    await storage.open();
    const asked = { name: '', text: 'may I?', token: null, receivedAt: 5, time: 5 };
    await storage.write(
      addresses.map((address) => {
        const key = toHex(decodeAddress(address));
        return { table: 'requests', key, value: { ...asked, key, state: 'waiting' } } as const;
      }),
    );
    await storage.close();
  }

  async started(options: PimOptions = {}): Promise<OpenTab> {
    const tab = this.tab(options);
    await tab.pim.start();
    return tab;
  }
}

/** The page is gone without a word, as in a crash. */
export function crash({ machine }: OpenTab): void {
  machine.vanish();
}

/** Milliseconds: a few are enough, where the machine has nothing else to do. */
const LIMIT_MS = 60_000;

export async function until(check: () => boolean): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!check()) {
    if (performance.now() > end) throw new Error(`not so within ${LIMIT_MS} ms: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
