/** The languages: which is chosen, and that each says what English says. */

import './dom.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ENGLISH, languageOf, wishesAt } from '../../widget/language.js';
import { LANGUAGES, language } from '../../widget/languages/languages.js';
import { type Text, wordsOf } from '../../widget/words.js';
import { english, formsOf, translations } from '../support/languages.js';

const sentences = await english();
const all = await translations();

/** Letters by which a language is told: most of its sentences hold one. */
const LETTERS: Readonly<Record<string, RegExp>> = {
  uk: /\p{Script=Cyrillic}/u,
  ar: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
  hi: /\p{Script=Devanagari}/u,
  zh: /\p{Script=Han}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
};

const placesOf = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

test('the page decides, then the reader, then English', async () => {
  const found = async (...tags: string[]) => (await language(tags, false))?.locale ?? null;
  assert.is(await found('de-AT', 'fr'), 'de-AT');
  assert.is(await found('nl', 'fr-CA', 'en'), 'fr-CA');
  assert.is(await found('nl', 'en-IE', 'de'), 'en-IE');
  assert.is(await found('nl', 'fi'), null);
  assert.is(await found('not a tag!', 'toString', 'pt-BR'), 'pt-BR');
  assert.is(await found('iw'), 'he');
  assert.is(await found('zh-TW', 'ja'), 'ja', 'the Chinese here is simplified');
  assert.is(await found('zh-Hant'), null);
  assert.is(await found('zh-SG'), 'zh-SG');
});

test('right to left is said of Arabic and Hebrew alone', async () => {
  for (const code of Object.keys(LANGUAGES)) {
    const { dir } = (await language([code], false)) ?? ENGLISH;
    assert.is(dir, ['ar', 'he'].includes(code) ? 'rtl' : 'ltr', code);
  }
});

test('the button’s words come without those of the panel', async () => {
  const [button, whole] = await Promise.all([language(['pl'], false), language(['pl'], true)]);
  assert.is(button?.strings['launcher.open'], 'Otwórz czat');
  assert.is(button?.strings['composer.send'], undefined);
  assert.is(whole?.strings['launcher.open'], 'Otwórz czat');
  assert.is(whole?.strings['composer.send'], 'Wyślij');
});

test('a tag nobody can read, and an English one, are English', async () => {
  assert.equal(await languageOf(['en-GB'], true), { ...ENGLISH, locale: 'en-GB' });
  assert.equal((await languageOf(['en-a-'], true)).strings, {});
  assert.equal(await languageOf([], true), ENGLISH);
});

test('asks the nearest element that names its language, then the page, then the reader', () => {
  const chat = document.createElement('div');
  const home = document.createElement('div');
  home.append(chat);
  document.body.append(home);
  const first = () => wishesAt(chat)[0];
  assert.is(first(), navigator.languages[0]);
  document.documentElement.lang = 'it';
  assert.is(first(), 'it');
  home.lang = 'uk';
  assert.is(first(), 'uk');
  document.documentElement.lang = '';
  home.remove();
});

test('there are the thirteen languages the documents name', () => {
  const named = ['en', 'de', 'fr', 'es', 'pt', 'it', 'pl', 'uk', 'ar', 'he', 'hi', 'zh', 'ja'];
  assert.equal(Object.keys(LANGUAGES), named);
});

test('no language says what English does not', () => {
  for (const [code, dictionary] of all) {
    const odd = Object.keys(dictionary).filter((key) => !Object.hasOwn(sentences, key));
    assert.equal(odd, [], code);
  }
});

test('every sentence fills in what the English one does', () => {
  for (const [code, dictionary] of all) {
    for (const [key, text] of Object.entries(dictionary)) {
      const original = sentences[key] as Text;
      const wanted = placesOf(formsOf(original).join(' '));
      assert.is(typeof text, typeof original, `${code} ${key}`);
      for (const [rule, form] of rulesOf(text as Text)) {
        // “one” and “two” may be words in it: what has no other number needs none.
        const isSingle = ['zero', 'one', 'two'].includes(rule) && holdsFew(code, rule);
        const places = isSingle ? placesOf(`${form}{n}`) : placesOf(form);
        assert.equal(places, wanted, `${code} ${key} ${rule}`);
      }
    }
  }
});

const rulesOf = (text: Text): [string, string][] =>
  typeof text === 'string' ? [['', text]] : Object.entries(text);

/** Whether one number alone has this plural form: French `one` is of 0 and 1, Ukrainian of 1, 21, 31… */
function holdsFew(code: string, rule: string): boolean {
  const plural = new Intl.PluralRules(code);
  return [...Array(1000).keys()].filter((n) => plural.select(n) === rule).length === 1;
}

test('plural sentences have a form for each number there can be, and no other', () => {
  for (const [code, dictionary] of all) {
    const plural = new Intl.PluralRules(code);
    const needed = new Set([...Array(1000).keys()].map((n) => plural.select(n)));
    const { pluralCategories } = plural.resolvedOptions();
    for (const [key, text] of Object.entries(dictionary)) {
      if (text === undefined || typeof text === 'string') continue;
      const has = Object.keys(text);
      for (const rule of [...needed, 'other'])
        assert.ok(has.includes(rule), `${code} ${key} ${rule}`);
      const odd = has.filter((rule) => !pluralCategories.some((each) => each === rule));
      assert.equal(odd, [], `${code} ${key}`);
    }
  }
});

test('a sentence is in its language, not left in English', () => {
  for (const [code, dictionary] of all) {
    for (const [key, text] of Object.entries(dictionary)) {
      const [form = ''] = formsOf(text as Text);
      const [original = ''] = formsOf(sentences[key] as Text);
      assert.ok(form.trim() === form && form.length > 0, `${code} ${key} is empty`);
      if (original.length > 16) assert.is.not(form, original, `${code} ${key}`);
      const letters = LETTERS[code];
      // Names such as `{name}: {text}` and “QR” are the same everywhere.
      if (letters !== undefined && original.length > 16)
        assert.match(form, letters, `${code} ${key}`);
    }
  }
});

test('numbers choose their words', async () => {
  const said = async (code: string, n: number) => {
    const found = await language([code], false);
    return wordsOf<string>([found?.strings ?? {}], code)('launcher.unread', { n });
  };
  assert.is(await said('pl', 1), '1 nowa wiadomość');
  assert.is(await said('pl', 3), '3 nowe wiadomości');
  assert.is(await said('pl', 12), '12 nowych wiadomości');
  assert.is(await said('uk', 21), '21 нове повідомлення');
  assert.is(await said('he', 2), 'שתי הודעות חדשות');
  assert.is(await said('ja', 5), '新着メッセージ5件');
});

test.run();
