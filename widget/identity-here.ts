/**
 * Whether an identity may be stored here already, asked without creating anything. `Pim.exists`
 * knows it for certain, but lives in the SDK, which a page does not pay for before it is needed.
 */

/** The SDK's database, named after its default profile. */
const DATABASE = 'pim';

/** False also where the browser does not tell: then the chat waits to be opened. */
export async function mayHaveIdentity(): Promise<boolean> {
  try {
    const databases = (await globalThis.indexedDB?.databases?.()) ?? [];
    return databases.some(({ name }) => name === DATABASE);
  } catch {
    return false; // storage is blocked, so nothing is stored
  }
}
