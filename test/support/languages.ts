/** All words of the widget: the English ones, and what each language has of them. */

import { readdir } from 'node:fs/promises';
import { LANGUAGES } from '../../widget/languages/languages.js';
import type { Dictionary, Text } from '../../widget/words.js';

const STRINGS = new URL('../../widget/strings/', import.meta.url);

/** Every sentence there is, from all files of widget/strings. */
export async function english(): Promise<Readonly<Record<string, Text>>> {
  const files = (await readdir(STRINGS)).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(files.map((name) => import(new URL(name, STRINGS).href)));
  const dictionaries = modules.flatMap((module: object) => Object.entries(module));
  return Object.assign(
    {},
    ...dictionaries.filter(([name]) => /^[A-Z_]+$/.test(name)).map(([, value]) => value),
  );
}

/** By language subtag, without English. */
export async function translations(): Promise<ReadonlyMap<string, Dictionary>> {
  const others = Object.entries(LANGUAGES).filter(([code]) => code !== 'en');
  const all = others.map(async ([code, { button, load }]) => {
    const { strings } = await load();
    return [code, { ...button, ...strings }] as const;
  });
  return new Map(await Promise.all(all));
}

export const formsOf = (text: Text): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values(text);
