/**
 * What tells a person who looks elsewhere that something came: the number before the page's title and
 * on the app's icon, and where they chose it a sound and a notice. Fetched when there is first
 * something to tell.
 */

import type { PanelHost } from '../contract.js';
import { LAUNCHER_STRINGS } from '../strings/launcher.js';
import { chosen } from './choice.js';
import { play } from './sound.js';

/** Milliseconds in which another tab may have shown it to the person. */
const PAUSE_MS = 400;
/** Milliseconds for which one tab tells for all of them. */
const TELLING_MS = 2_000;
/** As the button counts. */
const MAX_COUNT = 99;
const BADGE = /^\(\d+\+?\) /;

/** What each chat of the page has to tell; the title shows the sum. */
const counts = new Map<PanelHost, number>();

/** @param signal ends it, and takes the number away */
export function watch(host: PanelHost, unread: number, signal: AbortSignal): void {
  if (signal.aborted) return;
  const chat = host.shadow.host;
  const tell = (count: number): void => {
    const isMore = count > (counts.get(host) ?? 0);
    counts.set(host, count);
    show(host);
    if (isMore && !isLookedAt())
      setTimeout(() => counts.get(host) === count && once(host), PAUSE_MS);
  };
  const heard = (event: Event): void =>
    tell((event as CustomEvent<{ unread: number }>).detail.unread);
  chat.addEventListener('pim-unread', heard, { signal });
  for (const type of ['focus', 'blur']) window.addEventListener(type, () => show(host), { signal });
  document.addEventListener('visibilitychange', () => show(host), { signal });
  signal.addEventListener('abort', () => {
    counts.delete(host);
    show(host);
  });
  tell(unread);
}

function isLookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/** The page's own title stays as it is beside the number, whatever the page makes of it meanwhile. */
function show(host: PanelHost): void {
  const sum = [...counts.values()].reduce((all, each) => all + each, 0);
  const { mode, quiet } = host.settings();
  if (quiet) return;
  const own = document.title.replace(BADGE, '');
  const count = sum > MAX_COUNT ? `${MAX_COUNT}+` : String(sum);
  const title = sum > 0 && !isLookedAt() ? `(${count}) ${own}` : own;
  if (title !== document.title) document.title = title;
  if (mode !== 'page') return; // the icon is the app's, and the app is somebody else's page
  const badge = sum > 0 ? navigator.setAppBadge?.(sum) : navigator.clearAppBadge?.();
  badge?.catch(() => undefined); // not installed
}

/** Of several tabs one tells: the first to hold the lock. */
function once(host: PanelHost): void {
  const { locks } = navigator;
  if (locks === undefined) return alert(host);
  const telling = locks.request('pim-alerts', { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    alert(host);
    await new Promise((done) => setTimeout(done, TELLING_MS));
  });
  telling.catch(() => undefined); // the page is going away
}

function alert(host: PanelHost): void {
  const count = counts.get(host) ?? 0;
  const { quiet, strings, language } = host.settings();
  const { sound, notice } = chosen();
  if (quiet) return;
  if (sound) play(performance.now());
  if (!notice || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
  const words = host.wordsOf<keyof typeof LAUNCHER_STRINGS>(
    [strings, language.strings, LAUNCHER_STRINGS],
    language.locale,
  );
  // No names and no words of anybody: others may look at this screen too.
  const shown = new Notification(words('launcher.unread', { n: count }), { tag: 'pim-chat' });
  shown.addEventListener('click', () => {
    window.focus();
    shown.close();
  });
}
