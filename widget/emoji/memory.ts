/**
 * What somebody chose lately, and their skin tone: in this browser, where their chats are kept too, and
 * nowhere where they are not.
 */

const KEY = 'pim-emoji';
/** Three rows. */
const MAX_RECENT = 24;
/** Bytes of an emoji, as of a reaction (docs/limits.md). */
const MAX_LENGTH = 64;

export interface Memory {
  readonly recent: readonly string[];
  /** Index of a tone; 0: none. */
  readonly tone: number;
}

const NOTHING: Memory = { recent: [], tone: 0 };

/** For as long as the page is there, where nothing is kept. */
let passing = NOTHING;

export function recall(isKept: boolean): Memory {
  return isKept ? read() : passing;
}

export function remember(change: Partial<Memory>, isKept: boolean): void {
  const memory = { ...recall(isKept), ...change };
  if (!isKept) {
    passing = memory;
    return;
  }
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
  } catch {
    // Blocked or full: it is a comfort, and no more.
  }
}

export function chose(emoji: string, isKept: boolean): void {
  const { recent } = recall(isKept);
  const others = recent.filter((each) => each !== emoji);
  remember({ recent: [emoji, ...others].slice(0, MAX_RECENT) }, isKept);
}

/** Anything may lie there: the page, and others of its origin, can write it. */
function read(): Memory {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Memory> | null;
    const recent = Array.isArray(found?.recent) ? found.recent.filter(isEmoji) : [];
    const tone = Number.isInteger(found?.tone) ? Number(found?.tone) : 0;
    return { recent: recent.slice(0, MAX_RECENT), tone };
  } catch {
    return NOTHING;
  }
}

function isEmoji(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH / 2;
}
