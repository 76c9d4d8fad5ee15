/**
 * A script tag with `data-to` is a whole chat: it makes the element, with its other `data-…` as
 * attributes. A chat with that person that is on the page already is left alone, so that a script
 * that is there twice makes one. In a chunk of its own, for the pages that have such a tag.
 */

/** @param scriptUrl of the script that is running: a tag of another is not its own */
export function makeChats(scriptUrl: string, attributes: readonly string[]): void {
  for (const tag of document.querySelectorAll<HTMLScriptElement>('script[data-to]')) {
    const isThere = document.querySelector(`pim-chat[to="${CSS.escape(tag.dataset.to ?? '')}"]`);
    if (isThere !== null || tag.src !== scriptUrl) continue;
    const chat = document.createElement('pim-chat');
    for (const name of attributes) {
      const value = tag.getAttribute(`data-${name}`);
      if (value !== null) chat.setAttribute(name, value);
    }
    document.body.append(chat);
  }
}
