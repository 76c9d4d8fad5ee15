/** What a scene does to a chat that is drawn, as a person would by mouse, finger or keys. */

import type { PimChat } from '../../../widget/define.js';

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    await new Promise((done) => requestAnimationFrame(done));
  }
}

/** Frames until a scene is taken to be broken. */
const MAX_FRAMES = 1_200;

const root = (chat: PimChat) => chat.shadowRoot as ShadowRoot;

/** As soon as one is drawn, whose text is `text` where that is given. @throws where none ever is */
async function drawn<Part extends HTMLElement>(
  chat: PimChat,
  selector: string,
  text?: string,
): Promise<Part> {
  for (let frame = 0; frame < MAX_FRAMES; frame += 1) {
    const all = [...root(chat).querySelectorAll<Part>(selector)];
    const found = all.find((each) => text === undefined || each.textContent === text);
    if (found !== undefined) return found;
    await new Promise((done) => requestAnimationFrame(done));
  }
  throw new Error(`no ${selector} ${text ?? ''} in this scene`);
}

export const click = (selector: string) => async (chat: PimChat) => {
  (await drawn(chat, selector)).click();
};

/** The button of a screen that says so. */
export const choose = (text: string) => async (chat: PimChat) => {
  (await drawn(chat, '.screen .button', text)).click();
};

/** Brings it into the middle of what scrolls. */
export const scrollTo = (selector: string) => async (chat: PimChat) => {
  (await drawn(chat, selector)).scrollIntoView({ block: 'center' });
};

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
  await drawn(chat, '.menu .item');
  root(chat).querySelectorAll<HTMLElement>('.menu .item').item(index).click();
};

export const acts =
  (...all: readonly ((chat: PimChat) => Promise<void>)[]) =>
  async (chat: PimChat) => {
    for (const act of all) await act(chat);
  };

export const typeInto = (selector: string, text: string) => async (chat: PimChat) => {
  const field = await drawn<HTMLInputElement>(chat, selector);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
};

/** As Enter in that field does. */
export const submit = (selector: string) => async (chat: PimChat) => {
  (await drawn<HTMLInputElement>(chat, selector)).form?.requestSubmit();
  await settled();
};
