/**
 * How a file is cut into pieces and named by their hashes, docs/protocol.md §8.5: so each piece is
 * checked when it arrives, and a file goes on at any of them.
 */

import { type Bytes, concat, utf8 } from '../base/bytes.js';
import { Writer } from './codec.js';
import { FILE_HASH_BYTES, FILE_PIECE_BYTES } from './limits.js';

export function pieceCount(size: number): number {
  return Math.ceil(size / FILE_PIECE_BYTES);
}

/** Bytes before piece `index` of a file of `size` bytes. */
export function pieceStart(size: number, index: number): number {
  return Math.min(size, index * FILE_PIECE_BYTES);
}

/** Bytes of the hashes of all pieces, one behind the other. */
export function listLength(size: number): number {
  return pieceCount(size) * FILE_HASH_BYTES;
}

/** The hash of one piece in the list. */
export function hashAt(list: Bytes, index: number): Bytes {
  return list.subarray(index * FILE_HASH_BYTES, (index + 1) * FILE_HASH_BYTES) as Bytes;
}

/** The input whose SHA-256 is the root: it vouches for the size and for every piece in its place. */
export function rootInput(size: number, list: Bytes): Bytes {
  return concat(utf8('pim/1 file\0'), new Writer().u64(size).done(), list);
}
