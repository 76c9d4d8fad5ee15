/** Puts a text on the clipboard; where the page may not, selects it, for the reader to copy. */

export async function copyText(text: string, bubble: HTMLElement | null): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const words = bubble?.querySelector('p');
    if (words) globalThis.getSelection?.()?.selectAllChildren(words);
  }
}
