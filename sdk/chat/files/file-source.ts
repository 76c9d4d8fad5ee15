/**
 * A file to send: its bytes where they lie, and the hashes of its pieces.
 */

import { type Bytes, concat } from '../../base/bytes.js';
import { PimError } from '../../base/errors.js';
import type { Suite } from '../../crypto/suite.js';
import { pieceCount, pieceStart, rootInput } from '../../protocol/file-pieces.js';
import { FILE_PIECE_BYTES, MAX_FILE_BYTES } from '../../protocol/limits.js';
import { tooLarge, unreadable } from './faults.js';

export interface FileSource {
  readonly blob: Blob;
  /** The hashes of all pieces, one behind the other. */
  readonly list: Bytes;
  readonly root: Bytes;
}

/** Pieces read from the file at once. */
const BATCH = 8;

/**
 * Reads all of `blob` once. @throws file/too-large, file/unreadable, pim/aborted
 */
export async function sourceOf(
  suite: Suite,
  blob: Blob,
  signal?: AbortSignal,
): Promise<FileSource> {
  if (blob.size > MAX_FILE_BYTES) throw tooLarge(blob.size, MAX_FILE_BYTES);
  const hashes: Bytes[] = [];
  const count = pieceCount(blob.size);
  for (let first = 0; first < count; first += BATCH) {
    if (signal?.aborted) {
      throw new PimError('pim/aborted', 'The call was aborted before anything was done.', null);
    }
    const bytes = await readPieces(blob, first, BATCH);
    const pieces: Bytes[] = [];
    for (let at = 0; at < bytes.length; at += FILE_PIECE_BYTES) {
      pieces.push(bytes.subarray(at, at + FILE_PIECE_BYTES) as Bytes);
    }
    hashes.push(...(await Promise.all(pieces.map((piece) => suite.sha256(piece)))));
  }
  const list = concat(...hashes);
  return { blob, list, root: await suite.sha256(rootInput(blob.size, list)) };
}

/** `count` pieces, fewer at the end. @throws file/unreadable */
export async function readPieces(blob: Blob, first: number, count: number): Promise<Bytes> {
  const from = pieceStart(blob.size, first);
  const to = pieceStart(blob.size, first + count);
  try {
    const bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer());
    if (bytes.length === to - from) return bytes;
  } catch (cause) {
    throw unreadable(cause);
  }
  throw unreadable();
}
