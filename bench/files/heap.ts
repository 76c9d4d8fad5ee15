/** The memory of a page while it works. */

import type { CDPSession, Page } from 'playwright-core';

/** V8's heap with what lies outside it in ArrayBuffers, four times a second. */
export async function watchHeap(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page);
  const read = async (): Promise<number> => {
    const usage = (await session.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return usage.usedSize + (usage.backingStorageSize ?? 0);
  };
  await session.send('HeapProfiler.collectGarbage');
  const start = await read();
  let peak = start;
  let isPaused = false;
  const timer = setInterval(() => {
    if (isPaused) return;
    read().then(
      (now) => {
        peak = Math.max(peak, now);
      },
      () => undefined,
    );
  }, 250);
  return {
    pause: async () => {
      isPaused = true;
    },
    resume: async () => {
      isPaused = false;
    },
    stop: () => {
      clearInterval(timer);
      return peak - start;
    },
  };
}
