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
const CANDIDATE =
  /\b(?:https?:\/\/|mailto:|www\.)[^\s<>"'`{}|\\^\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/giu;

const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Ends of sentences, not of links. */
const TRAILING = /[.,;:!?…*_~]+$/u;

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

/** Without the punctuation around it; a closing bracket stays where the link opened it. */
function trimmed(candidate: string): string {
  let link = candidate.replace(TRAILING, '');
  while (link.endsWith(')') && count(link, ')') > count(link, '(')) {
    link = link.slice(0, -1).replace(TRAILING, '');
  }
  return link;
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
