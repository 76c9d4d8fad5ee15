/**
 * `pim.files`: files and pictures, from one device straight to the other. What it takes is fetched at
 * the first use (files-deeds.ts).
 */

import type { Access } from './access.js';
import { loaded } from './base/loaded.js';
import type { FileStatus } from './chat/files/file-status.js';
import type { FileToSend } from './content.js';
import type { Message } from './events.js';
import { seldom } from './seldom.js';

export interface FilesArea {
  /**
   * Offers a file as a message. It is read once, whole, before the promise resolves; its bytes go over
   * when the other side wants them and both are there.
   * @param to an address, or the id of a conversation
   * @throws file/too-large, file/unreadable, message/too-long, options/invalid, pim/aborted
   * @throws address/invalid, address/own, conversation/unknown, contact/blocked, storage/full
   */
  send(to: string, file: Blob, options?: FileToSend): Promise<Message>;

  /**
   * How the file of a message stands.
   * @param target conversation id or address
   * @throws conversation/unknown, message/unknown, file/unknown
   */
  status(target: string, id: string): Promise<FileStatus>;

  /**
   * Fetches a file somebody offers, now or as soon as they are here. Also after a no, and after a fault.
   * @throws file/too-large where nothing is kept here but in memory; file/unknown, storage/full
   */
  accept(target: string, id: string): Promise<void>;

  /** No. The other side is told. @throws file/unknown, storage/full */
  decline(target: string, id: string): Promise<void>;

  /** Stops it for now, on either side; what is there stays. @throws file/unknown, storage/full */
  pause(target: string, id: string): Promise<void>;

  /** Goes on with what I have paused. @throws file/unknown, storage/full */
  resume(target: string, id: string): Promise<void>;

  /** Gives it up, on either side; what came of it is thrown away. @throws file/unknown, storage/full */
  cancel(target: string, id: string): Promise<void>;

  /**
   * Gives the bytes of a file of mine again, where this device no longer has them at hand.
   * @throws file/different where it is not the same file, file/unreadable, file/unknown
   */
  provide(target: string, id: string, file: Blob): Promise<void>;

  /**
   * The bytes, once all of them are here and checked. Its `type` is that of a picture where the bytes
   * are one's, else `application/octet-stream`: nothing that a browser would run.
   * @throws file/missing where they are not here, file/unknown
   */
  read(target: string, id: string): Promise<File>;
}

const DEEDS = 'send status accept decline pause resume cancel provide read';

export function filesArea(access: Access): FilesArea {
  return Object.create(seldom(access, DEEDS, () => loaded(import('./files-deeds.js'))));
}
