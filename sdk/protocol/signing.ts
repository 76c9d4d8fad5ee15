/**
 * What every signature of pim covers: `"pim/1 " ‖ label ‖ 0x00 ‖ body`. The label keeps a signature
 * made for one purpose from being worth anything for another; there is no way to sign other bytes.
 */

import { type Bytes, concat, utf8 } from '../base/bytes.js';

export type SigningLabel = 'relay-auth' | 'signal' | 'confirm' | 'invitation';

export function signingBytes(label: SigningLabel, body: Uint8Array): Bytes {
  return concat(utf8(`pim/1 ${label}\0`), body);
}
