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

/**
 * Whether an identity may be stored here already. `Pim.exists` knows it for certain, but lives in
 * the SDK. False also where the browser does not tell: then the chat waits to be opened.
 */
export async function mayHaveIdentity(): Promise<boolean> {
  try {
    const databases = (await globalThis.indexedDB?.databases?.()) ?? [];
    return databases.some(({ name }) => name === DATABASE);
  } catch {
    return false; // storage is blocked, so nothing is stored
  }
}
