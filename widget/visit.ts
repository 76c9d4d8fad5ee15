/**
 * What is known of a visit before anything is loaded, asked without creating anything.
 */

/** The SDK's database, named after its default profile. */
const DATABASE = 'pim';

/** Whether this happens because the person just pressed something. */
export function isByPerson(): boolean {
  return navigator.userActivation?.isActive ?? true;
}

/** Whether the page was opened by an invitation link. */
export function hasInvitation(): boolean {
  return /^#pim1/i.test(location.hash);
}

interface Chat {
  readonly connect: 'auto' | 'open' | 'load';
  readonly mode: string;
  readonly storage: string;
  readonly pim: { readonly state: string } | null;
}

/** Where the page asks for it, or an identity of earlier is here, nobody has to open the chat. */
export async function beginsEarly({ connect, mode, storage, pim }: Chat): Promise<boolean> {
  if (connect !== 'auto') return connect === 'load';
  if (mode === 'page' || (pim !== null && pim.state !== 'stopped')) return true;
  return storage === 'persistent' && (await mayHaveIdentity());
}

/**
 * Whether an identity may be stored here already. `Pim.exists` knows it for certain, but lives in
 * the SDK. False also where the browser does not tell: then the chat waits to be opened.
 */
async function mayHaveIdentity(): Promise<boolean> {
  try {
    const databases = (await globalThis.indexedDB?.databases?.()) ?? [];
    return databases.some(({ name }) => name === DATABASE);
  } catch {
    return false; // storage is blocked, so nothing is stored
  }
}
