/**
 * What a file may be called and taken for here, whatever its sender says.
 */

import { cleanLine } from '../../base/check.js';

/** Types a browser decodes as still pictures and never runs: SVG is a document and none of them. */
const PICTURES: readonly { readonly type: string; readonly begins: RegExp }[] = [
  { type: 'image/png', begins: /^\x89PNG\r\n/ },
  { type: 'image/jpeg', begins: /^\xff\xd8\xff/ },
  { type: 'image/gif', begins: /^GIF8[79]a/ },
  { type: 'image/webp', begins: /^RIFF[\s\S]{4}WEBP/ },
  { type: 'image/avif', begins: /^[\s\S]{4}ftypavi[fs]/ },
];

/** Bytes that tell a picture's kind. */
export const SNIFFED_BYTES = 16;

/** Names that Windows takes for devices, with whatever behind the dot. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * A name for saving: one line, without path separators and what file systems refuse, no dot in front
 * and none at the end. Never empty. A long one keeps its ending.
 */
export function safeName(name: string): string {
  const clean = cleanLine(name)
    .replace(/[/\\:*?"<>|]+/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(DEVICES, '_$&');
  const points = [...clean];
  if (points.length <= MAX_NAME) return clean || 'file';
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(clean)?.[0] ?? '';
  return points.slice(0, MAX_NAME - ending.length).join('') + ending;
}

const MAX_NAME = 120;

/** Whether a type of its sender's choice is one of a picture. To be believed only once it is here. */
export function claimsPicture(type: string): boolean {
  return PICTURES.some((each) => each.type === type);
}

/** The type its first bytes tell; null where they are not those of a picture. */
export function pictureType(start: Uint8Array): string | null {
  const text = String.fromCharCode(...start.subarray(0, SNIFFED_BYTES));
  return PICTURES.find(({ begins }) => begins.test(text))?.type ?? null;
}
