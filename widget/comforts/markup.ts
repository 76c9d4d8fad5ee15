/**
 * A small, safe part of Markdown: `**bold**`, `*italic*` and `_italic_`, `` `code` ``, fenced code, and
 * addresses as links. Texts become a tree of marks, never markup; whatever matches nothing stays as it
 * was typed. Work grows with the length of a text alone, and the tree with MAX_MARKS.
 */

import { CANDIDATE, type Segment, segments, trimmed } from './links.js';

export type Mark =
  | Segment
  | { readonly kind: 'code' | 'block'; readonly text: string }
  | { readonly kind: 'bold' | 'italic'; readonly marks: readonly Mark[] };

/** Marks of one message; what follows is plain, so that no message makes a page of elements. */
export const MAX_MARKS = 400;
/** Signs that are looked at; so many that make so few marks were not meant as any. */
const MAX_SIGNS = 10 * MAX_MARKS;

/** Overrides and embeddings turn text around (Unicode UAX #9 §2); isolates end with the paragraph. */
const TURNING = /[\u202A-\u202E]/g;
const FENCE = '```';
/** An address, whose signs are its own; a span of code on one line; a sign; the end of a paragraph. */
const TOKENS = new RegExp(`${CANDIDATE.source}|\`[^\`\\n]+\`|\\*\\*|[*_]|\\n[^\\S\\n]*\\n`, 'giu');
const WORD = /[\p{L}\p{N}_]/u;
const BLANK = /\s/u;

type Sign = '**' | '*' | '_';

/** A piece of a line before its signs are paired. */
type Piece =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  /** `pair` is the index of the other end, once there is one. */
  | { readonly kind: 'sign'; readonly text: Sign; pair: number | null };

export function marks(text: string, isPlain = false): readonly Mark[] {
  const shown = text.replace(TURNING, '');
  const left = { count: MAX_MARKS };
  if (isPlain) return linked(shown, left);
  const parts = shown.split(FENCE);
  // Parts with an odd index are fenced; a last fence without an end is none.
  if (parts.length % 2 === 0) parts.push(`${parts.splice(-2, 1)[0]}${FENCE}${parts.pop() ?? ''}`);
  return parts.flatMap((part, index): readonly Mark[] => {
    if (index % 2 === 0) return part === '' ? [] : inline(part, left);
    left.count -= 1;
    const code = part.replace(/^[\w+#-]*\n/, '').replace(/\n$/, '');
    if (left.count < 0 || code.trim() === '') {
      return [{ kind: 'text', text: FENCE + part + FENCE }];
    }
    return [{ kind: 'block', text: code }];
  });
}

function inline(text: string, left: { count: number }): readonly Mark[] {
  const pieces = paired(text);
  let at = 0;
  const until = (end: number): readonly Mark[] => {
    const found: Mark[] = [];
    let plain = '';
    const flush = (): void => {
      if (plain !== '') found.push(...linked(plain, left));
      plain = '';
    };
    for (; at < end; at += 1) {
      const piece = pieces[at] as Piece;
      const isMark = piece.kind === 'code' || (piece.kind === 'sign' && piece.pair !== null);
      if (!isMark || left.count <= 0) {
        plain += piece.text;
        continue;
      }
      flush();
      left.count -= 1;
      if (piece.kind === 'code') {
        found.push({ kind: 'code', text: piece.text.slice(1, -1) });
        continue;
      }
      const close = piece.kind === 'sign' ? (piece.pair ?? at) : at;
      at += 1;
      const kind = piece.text === '**' ? 'bold' : 'italic';
      found.push({ kind, marks: until(close) });
    }
    flush();
    return found;
  };
  return until(pieces.length);
}

/** Cuts a text at its signs, and pairs them: the nearest two of a kind, never across one another. */
function paired(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  /** Signs that wait for their other end, at most one of each kind, the outermost first. */
  let open: number[] = [];
  let end = 0;
  const tokens = new RegExp(TOKENS);
  for (let signs = 0; signs < MAX_SIGNS; signs += 1) {
    const match = tokens.exec(text);
    if (match === null) break;
    const isSign = /^[\n`*_]/.test(match[0]);
    const token = isSign ? match[0] : trimmed(match[0]) || match[0];
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    end = match.index + token.length;
    tokens.lastIndex = end; // signs behind an address are none of it
    const here = pieces.length;
    if (!isSign || token.startsWith('\n')) {
      if (isSign) open = []; // a mark ends with its paragraph
      pieces.push({ kind: 'text', text: token });
    } else if (token.startsWith('`')) {
      pieces.push({ kind: 'code', text: token });
    } else {
      const sign: Piece = { kind: 'sign', text: token as Sign, pair: null };
      pieces.push(sign);
      const place = open.findIndex((each) => pieces[each]?.text === token);
      const { canOpen, canClose } = sides(text, match.index, end);
      const opener = pieces[open[place] ?? -1];
      if (canClose && opener?.kind === 'sign' && here - (open[place] ?? 0) > 1) {
        opener.pair = here;
        open = open.slice(0, place);
      } else if (canOpen) {
        open = [...open.filter((_, index) => index !== place), here];
      }
    }
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return pieces;
}

/** A sign opens before a word and closes behind one; within a word it is just a character. */
function sides(text: string, from: number, to: number): { canOpen: boolean; canClose: boolean } {
  const [before, after] = [text.charAt(from - 1), text.charAt(to)];
  const isBlank = (each: string): boolean => each === '' || BLANK.test(each);
  return {
    canOpen: !isBlank(after) && !WORD.test(before),
    canClose: !isBlank(before) && !WORD.test(after),
  };
}

/** The links of a text, as long as there is room for marks. */
function linked(text: string, left: { count: number }): readonly Mark[] {
  if (left.count <= 0) return [{ kind: 'text', text }];
  const found = segments(text);
  const links = found.filter(({ kind }) => kind === 'link').length;
  left.count -= links;
  return left.count < 0 ? [{ kind: 'text', text }] : found;
}
