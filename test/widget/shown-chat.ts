/** An open chat on a page, with an SDK in memory that runs, and with all that is fetched beside it. */

import './dom.js';
import '../../widget/define.js';
import { loadPanel } from '../../widget/source.js';
import { turns } from './dom.js';
import { ADA, FakePim, ME } from './fake-pim.js';

/** Everything that was asked for is there and drawn. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await loadPanel();
    await import('../../widget/comforts/comforts.js');
    await turns();
  }
}

/** @param prepare what there is before the chat opens, with Ada */
export async function shownChat(prepare: (pim: FakePim) => void = () => undefined) {
  const pim = new FakePim(ME);
  pim.relay('wss://relay.example', {});
  await pim.start();
  prepare(pim);
  const chat = document.createElement('pim-chat');
  chat.setAttribute('to', ADA);
  chat.setAttribute('open', '');
  chat.pim = pim;
  document.body.append(chat);
  await settled();
  const root = chat.shadowRoot as ShadowRoot;
  const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
  return { pim, chat, all };
}
