/**
 * Under which keys files lie in `files`: all of them behind the conversation's id.
 */

/** How files stand that are offered or wanted. */
const OPEN = '/#';
/** How files stand that are done, or given up. */
const CLOSED = '/&';
/** Their bytes. */
const BYTES = '/$';

export interface FileKeys {
  readonly open: string;
  readonly closed: string;
  /** Both. */
  readonly records: readonly string[];
  /** What the keys of all its segments begin with. */
  readonly bytes: string;
}

/** @param talk the conversation's id @param id the message's */
export function fileKeys(talk: string, id: string): FileKeys {
  const [open, closed] = [talk + OPEN + id, talk + CLOSED + id];
  return { open, closed, records: [open, closed], bytes: `${talk}${BYTES}${id}/` };
}

/** What the keys of all open ones of a conversation begin with. */
export function openFiles(talk: string): string {
  return talk + OPEN;
}
