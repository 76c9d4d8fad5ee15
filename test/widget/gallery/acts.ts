/** What a scene does to a chat that is drawn, as a person would by mouse, finger or keys. */

import type { PimChat } from '../../../widget/define.js';

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    await new Promise((done) => requestAnimationFrame(done));
  }
}

export const click = (selector: string) => async (chat: PimChat) => {
  await settled();
  chat.shadowRoot?.querySelector<HTMLElement>(selector)?.click();
};

const root = (chat: PimChat) => chat.shadowRoot as ShadowRoot;

/** The last bubble that holds `text`. */
function bubbleOf(chat: PimChat, text: string): HTMLElement | undefined {
  const all = [...root(chat).querySelectorAll<HTMLElement>('.bubble')];
  return all.findLast((each) => each.textContent?.includes(text));
}

export const over = (text: string) => async (chat: PimChat) => {
  await settled();
  bubbleOf(chat, text)?.dispatchEvent(
    new PointerEvent('pointerover', { bubbles: true, composed: true, pointerType: 'mouse' }),
  );
};

export const menuOf = (text: string) => async (chat: PimChat) => {
  await settled();
  const bubble = bubbleOf(chat, text);
  bubble?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, composed: true }));
};

export const press = (text: string) => async (chat: PimChat) => {
  await settled();
  const box = bubbleOf(chat, text)?.getBoundingClientRect();
  bubbleOf(chat, text)?.dispatchEvent(
    new PointerEvent('pointerdown', {
      bubbles: true,
      composed: true,
      pointerType: 'touch',
      isPrimary: true,
      clientX: box?.x ?? 0,
      clientY: box?.y ?? 0,
    }),
  );
  await new Promise((done) => setTimeout(done, 600));
};

export const item = (index: number) => async (chat: PimChat) => {
  await settled();
  root(chat).querySelectorAll<HTMLElement>('.menu .item').item(index).click();
};

export const acts =
  (...all: readonly ((chat: PimChat) => Promise<void>)[]) =>
  async (chat: PimChat) => {
    for (const act of all) await act(chat);
  };

export const typeInto = (selector: string, text: string) => async (chat: PimChat) => {
  await settled();
  const field = root(chat).querySelector<HTMLInputElement>(selector);
  if (field === null) return;
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
};
