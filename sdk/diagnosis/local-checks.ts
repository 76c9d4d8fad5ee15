/** What can be said without asking anybody: this browser, and whether it keeps what it is given. */

import { isPimError } from '../base/errors.js';
import type { HostFacts, Platform } from '../base/platform.js';
import type { Suite } from '../crypto/suite.js';
import type { Storage } from '../storage/storage.js';
import { type Finding, finding, type StorageFacts } from './finding.js';

/** Bytes below which there is little room: a few thousand messages and a file or two. */
const LOW_BYTES = 50_000_000;
/** The row that is written and removed again. */
const TRIAL = 'diagnosis';

export function checkPlatform(platform: Platform, suite: Suite, facts: HostFacts | null): Finding {
  if (facts?.isOnline === false) return finding('platform/offline', null);
  if (platform.openPeerConnection === null) return finding('platform/no-webrtc', null);
  if (!platform.isSecure) return finding('platform/insecure', null);
  return finding(suite.name === 'portable' ? 'platform/portable' : 'platform/good', null);
}

/** @param storage null before `start()` */
export async function checkStorage(
  storage: Storage | null,
  facts: HostFacts | null,
): Promise<Finding> {
  if (storage === null) return finding('storage/unknown', null);
  if (!storage.isPersistent) return finding('storage/memory', null);
  try {
    await storage.write([{ table: 'meta', key: TRIAL, value: 1 }]);
    await storage.write([{ table: 'meta', key: TRIAL, remove: true }]);
  } catch (fault) {
    return finding(isPimError(fault, 'storage/full') ? 'storage/full' : 'storage/broken', null);
  }
  const detail: StorageFacts = {
    isPersisted: facts?.isPersisted ?? null,
    usedBytes: facts?.usedBytes ?? null,
    quotaBytes: facts?.quotaBytes ?? null,
  };
  const { isPersisted, usedBytes, quotaBytes } = detail;
  if (quotaBytes !== null && quotaBytes - (usedBytes ?? 0) < LOW_BYTES) {
    return finding('storage/low', detail);
  }
  if (facts?.erasesAfterDays === 7) return finding('storage/seven-days', detail);
  return finding(isPersisted === false ? 'storage/evictable' : 'storage/good', detail);
}
