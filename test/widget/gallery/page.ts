/** The gallery's page: shows the scene its address names, on a plausible page of somebody. */

import { PimChat } from '../../../widget/define.js';
import { FakePim, OTHER } from '../fake-pim.js';
import { settled } from './acts.js';
import { SCENES } from './scenes.js';

PimChat.define();
const query = new URLSearchParams(location.search);
const scene = SCENES[query.get('scene') ?? ''];
if (scene === undefined) throw new Error('no such scene');

const root = document.documentElement;
root.lang = scene.lang ?? query.get('lang') ?? root.lang;
if (/^(?:ar|he)/.test(root.lang)) root.dir = 'rtl';
if (scene.size === 'wide' || scene.attributes?.mode === 'page') document.body.replaceChildren();
const pim = new FakePim(OTHER);
await scene.prepare?.(pim);
const chat = document.createElement('pim-chat');
for (const [name, value] of Object.entries(scene.attributes ?? {})) chat.setAttribute(name, value);
chat.setAttribute('theme', query.get('theme') ?? 'auto');
const font = query.get('font');
if (font !== null) chat.style.setProperty('--pim-font', font);
chat.pim = pim;
(document.querySelector('[data-home]') ?? document.body).append(chat);
await settled();
if (scene.act !== undefined) {
  await scene.act(chat);
  await settled();
}
root.dataset.ready = '';
