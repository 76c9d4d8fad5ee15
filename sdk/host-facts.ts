/** What the host is asked, with a limit: one that never answers keeps nobody waiting. */

import type { HostFacts, Platform } from './base/platform.js';
import { timeLimit } from './base/time.js';

/** Milliseconds for the host to say what it knows of itself. */
const FACTS_LIMIT_MS = 3_000;

/** Null where the host does not tell, or not in time. */
export async function factsOf(platform: Platform): Promise<HostFacts | null> {
  if (platform.facts === undefined) return null;
  return inTime(platform, FACTS_LIMIT_MS, platform.facts(), null);
}

/** What `work` gives; `otherwise` where it fails, or takes longer than `ms`. */
export async function inTime<Given, Otherwise>(
  platform: Platform,
  ms: number,
  work: Promise<Given>,
  otherwise: Otherwise,
): Promise<Given | Otherwise> {
  const limit = timeLimit(platform, ms);
  const late = new Promise<Otherwise>((resolve) => {
    limit.signal.addEventListener('abort', () => resolve(otherwise));
  });
  try {
    return await Promise.race([work.catch(() => otherwise), late]);
  } finally {
    limit.clear();
  }
}
