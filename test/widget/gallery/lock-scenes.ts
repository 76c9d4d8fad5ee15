/** The passphrase lock, from both sides. */

import type { FakePim } from '../fake-pim.js';
import { acts, choose, click, scrollTo, submit, typeInto } from './acts.js';
import type { Scene } from './scene.js';

const PASSPHRASE = 'four words from a hat';

interface Given {
  readonly bubble: NonNullable<Scene['attributes']>;
  readonly wide: Scene;
  chatting(pim: FakePim): Promise<void>;
  inbox(pim: FakePim): Promise<void>;
  readonly toSettings: NonNullable<Scene['act']>;
}

export function lockScenes(given: Given): Readonly<Record<string, Scene>> {
  const { bubble, wide, chatting, inbox } = given;
  const toSettings = async (chat: Parameters<NonNullable<Scene['act']>>[0]) =>
    given.toSettings(chat);
  /** A browser that was started anew. */
  const shut = async (pim: FakePim) => {
    await chatting(pim);
    await pim.identity.lock(PASSPHRASE);
    await pim.identity.relock();
  };
  return {
    locked: { attributes: bubble, prepare: shut },
    'locked-rtl': { lang: 'ar', attributes: bubble, prepare: shut },
    'locked-wrong': {
      size: 'small',
      attributes: { mode: 'page' },
      prepare: shut,
      act: acts(typeInto('#unlock', 'correct horse battery'), submit('#unlock')),
    },
    'locked-forgotten': { attributes: bubble, prepare: shut, act: click('.door > .link') },
    'passphrase-settings': {
      ...wide,
      prepare: async (pim) => {
        await inbox(pim);
        await pim.identity.lock(PASSPHRASE);
      },
      act: acts(toSettings, scrollTo('#lock')),
    },
    passphrase: {
      ...wide,
      prepare: inbox,
      act: acts(
        toSettings,
        click('#lock ~ .buttons .button'),
        typeInto('#lock-next', 'loom and cards'),
        typeInto('#lock-again', 'loom and card'),
        submit('#lock-again'),
      ),
    },
    'passphrase-change': {
      size: 'small',
      attributes: { mode: 'page' },
      prepare: async (pim) => {
        await inbox(pim);
        await pim.identity.lock(PASSPHRASE);
      },
      act: acts(toSettings, choose('Change or remove it'), typeInto('#lock-next', 'jacquard')),
    },
  };
}
