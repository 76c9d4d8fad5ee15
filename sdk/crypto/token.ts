/** Whether a token of an invitation is worth something, as far as its bytes say. */

import { type Bytes, concat, equal } from '../base/bytes.js';
import { isPimError } from '../base/errors.js';
import { ISSUER_BYTES, readToken, type Token, tokenBody } from '../protocol/token.js';
import type { Keys, Suite } from './suite.js';
import { verify } from './verify.js';

/** `foreign`: of somebody else; `forged`: of nobody. */
export type TokenFault = 'foreign' | 'forged' | 'expired';

/** @param owner the key it should be of @param now milliseconds since 1970 */
export async function checkToken(
  suite: Suite,
  owner: Bytes,
  whole: Bytes,
  now: number,
): Promise<Token | TokenFault> {
  try {
    const token = readToken(whole);
    if (!equal(token.issuer, owner.subarray(0, ISSUER_BYTES))) return 'foreign';
    const isTheirs = await verify(suite, owner, 'invitation', token.signed, token.signature);
    if (!isTheirs) return 'forged';
    return token.expires !== 0 && now >= token.expires ? 'expired' : token;
  } catch (fault) {
    if (isPimError(fault, 'frame/invalid')) return 'forged';
    throw fault;
  }
}

export async function signToken(keys: Keys, token: Omit<Token, 'issuer'>): Promise<Bytes> {
  const issuer = keys.publicKey.slice(0, ISSUER_BYTES) as Bytes;
  const body = tokenBody({ ...token, issuer });
  return concat(body, await keys.sign('invitation', body));
}
