/**
 * Finds the links in a text. Everything else stays text: there is no way from a message to HTML.
 */

export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

/**
 * Candidates: no blanks, quotes or brackets, and none of the characters that turn the direction of
 * writing (Unicode UAX #9 §2), with which a link could show another place than it leads to.
 */
export const CANDIDATE =
  /\b(?:https?:\/\/|mailto:|www\.)[^\s<>"'`{}|\\^\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/giu;

const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Ends of sentences, not of links. */
const TRAILING = '.,;:!?…*_~';

export function segments(text: string): readonly Segment[] {
  const found: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = trimmed(match[0]);
    const href = hrefOf(shown);
    if (href === null) continue;
    if (match.index > end) found.push({ kind: 'text', text: text.slice(end, match.index) });
    found.push({ kind: 'link', text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) found.push({ kind: 'text', text: text.slice(end) });
  return found;
}

/** A candidate without the punctuation around it; a closing bracket stays where the link opened it. */
export function trimmed(candidate: string): string {
  let unopened = count(candidate, ')') - count(candidate, '(');
  let end = candidate.length;
  for (; end > 0; end -= 1) {
    const last = candidate.charAt(end - 1);
    if (last === ')' && unopened > 0) unopened -= 1;
    else if (!TRAILING.includes(last)) break;
  }
  return candidate.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Null for what is no address of a page or of a mailbox. */
function hrefOf(link: string): string | null {
  const text = /^www\./i.test(link) ? `https://${link}` : link;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  // `https://bank.example@evil.example` leads elsewhere than it reads.
  const isPlain = url.username === '' && url.password === '';
  return PROTOCOLS.has(url.protocol) && isPlain ? url.href : null;
}
