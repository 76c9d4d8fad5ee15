/**
 * The tag by which an author knows their own entries again, docs/protocol.md §8.1: a friend keeps it
 * with the entry and gives both back. Nobody else can make or check it, so it proves nothing to anybody.
 */

import { type Bytes, utf8 } from '../base/bytes.js';
import { type Entry, writeEntry } from '../protocol/entry.js';
import { TAG_BYTES } from '../protocol/limits.js';
import type { Keys, Suite } from './suite.js';

/** 16 bytes over everything else an entry says. */
export type TagOf = (entry: Omit<Entry, 'tag'>) => Promise<Bytes>;

/**
 * The key comes from X25519 of the own two halves, which every platform computes alike without giving
 * the private one out; Ed25519 signatures do not, some engines add random numbers to them.
 */
export function entryTags(suite: Suite, keys: Pick<Keys, 'agree' | 'agreementKey'>): TagOf {
  // HKDF-Extract, RFC 5869 §2.2, with the label in the place of the salt.
  const derive = async () =>
    suite.hmacSha256(utf8('pim/1 entry\0'), await keys.agree(keys.agreementKey));
  let key: Promise<Bytes> | undefined;
  return async (entry) => {
    key ??= derive();
    return (await suite.hmacSha256(await key, writeEntry(entry).done())).slice(0, TAG_BYTES);
  };
}
