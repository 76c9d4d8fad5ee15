/**
 * The one error class of pim and every code it can carry.
 * A code is stable and reads `layer/what`; `docs/errors.md` says for each what it means and what to
 * do, and a test fails when one is missing there. Texts are for people: no keys, no addresses of
 * other people, no message text.
 */

/** What `detail` holds, per code. */
export interface ErrorDetails {
  'options/invalid': { option: string; expected: string };
  'options/unknown': { option: string; nearest: string | null };
  'platform/unsupported': { missing: string };
  'platform/insecure': { origin: string };
  'crypto/self-test-failed': { suite: string };
  'crypto/failed': { operation: string };
  'address/invalid': { reason: AddressFault };
  'address/own': null;
  'link/invalid': { reason: string };
  'invitation/invalid': { reason: 'foreign' | 'forged' | 'expired' };
  'invitation/refused': { reason: InvitationRefusal; label: string };
  'invitation/unknown': null;
  'invitation/too-many': { max: number };
  'identity/invalid': { reason: string };
  'identity/exists': null;
  'identity/locked': { address: string };
  'identity/passphrase': null;
  'backup/invalid': { reason: string };
  'backup/passphrase': null;
  'backup/no-seed': null;
  'backup/too-large': { bytes: number; maxBytes: number };
  'frame/invalid': { frame: string; reason: string };
  'seal/failed': null;
  'signal/forged': { reason: string };
  'relay/unreachable': { url: string };
  'relay/insecure': { url: string };
  'relay/refused': { url: string; reason: RelayRefusal | 'replaced' };
  'relay/version': { url: string; theirs: number; ours: number };
  'relay/protocol': { url: string; reason: string };
  'relay/rate-limited': { url: string };
  'relay/too-many': { max: number };
  'relay/none': null;
  'peer/offline': null;
  'peer/unanswered': { step: string };
  'peer/no-route': null;
  'peer/no-turn': null;
  'peer/altered': { relays: string[] };
  'peer/impostor': { reason: string };
  'peer/protocol': { reason: string };
  'channel/closed': null;
  'contact/unknown': null;
  'contact/blocked': null;
  'contact/too-many': { max: number };
  'request/unknown': null;
  'conversation/unknown': null;
  'message/empty': null;
  'message/too-long': { bytes: number; maxBytes: number };
  'message/unknown': null;
  'message/not-mine': null;
  'message/deleted': null;
  'file/unknown': null;
  'file/missing': null;
  'file/unreadable': null;
  'file/different': null;
  'file/altered': null;
  'file/too-large': { bytes: number; maxBytes: number };
  'storage/unavailable': { reason: string };
  'storage/full': null;
  'storage/failed': { operation: string };
  'storage/invalid': { table: string; reason: string };
  'pim/not-started': null;
  'pim/stopped': null;
  'pim/elsewhere': null;
  'pim/unanswered': { reason: string };
  'pim/not-loaded': null;
  'pim/aborted': null;
}

/** Why a text is not an address. */
export type AddressFault =
  | 'empty'
  | 'length'
  | 'mixed-case'
  | 'prefix'
  | 'character'
  | 'checksum'
  | 'version'
  | 'padding'
  | 'key';

/** Why somebody who came by an invitation was not let in; docs/errors.md explains them. */
export type InvitationRefusal =
  | 'foreign'
  | 'forged'
  | 'expired'
  | 'withdrawn'
  | 'paused'
  | 'used-up'
  | 'closed';

/** Why a relay turned a login down; the codes of the ERR frame, docs/protocol.md §4. */
export type RelayRefusal = 'version' | 'origin' | 'proof' | 'late' | 'busy' | 'unknown';

export type ErrorCode = keyof ErrorDetails;

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'relay/unreachable',
  'relay/refused',
  'relay/rate-limited',
  'relay/none',
  'peer/offline',
  'peer/unanswered',
  'peer/no-route',
  'peer/no-turn',
  'peer/altered',
  'channel/closed',
  'storage/full',
  'storage/failed',
  'pim/elsewhere',
  'pim/unanswered',
  'pim/not-loaded',
]);

/** In the package and in the repository. */
const DOCS = 'docs/errors.md';

/** Every failure that leaves pim, thrown or emitted. Tell them apart by `code`. */
export class PimError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'PimError';
  readonly code: C;
  readonly detail: ErrorDetails[C];
  /** True where the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Where the code is explained. */
  readonly docs: string;

  constructor(code: C, message: string, detail: ErrorDetails[C], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.retryable = RETRYABLE.has(code);
    this.docs = `${DOCS}#${code.replace('/', '')}`;
  }
}

/** Narrows `value` to a PimError, of one code where `code` is given. */
export function isPimError<C extends ErrorCode = ErrorCode>(
  value: unknown,
  code?: C,
): value is PimError<C> {
  return value instanceof PimError && (code === undefined || value.code === code);
}
