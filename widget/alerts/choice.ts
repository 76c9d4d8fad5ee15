/**
 * Whether a person wants to hear or be shown that something came while they look elsewhere: chosen in
 * the inbox, kept in this browser, both off until then.
 */

const KEY = 'pim-alerts';

export interface Choice {
  readonly sound: boolean;
  readonly notice: boolean;
}

const OFF: Choice = { sound: false, notice: false };

export function chosen(): Choice {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Choice> | null;
    return { sound: found?.sound === true, notice: found?.notice === true };
  } catch {
    return OFF; // blocked, or something else lies there
  }
}

/** False where it could not be kept, or the browser's own question was answered with no. */
export async function choose(change: Partial<Choice>): Promise<boolean> {
  if (change.notice === true && !(await isAllowed())) return false;
  const choice = { ...chosen(), ...change };
  try {
    if (choice.sound || choice.notice) localStorage.setItem(KEY, JSON.stringify(choice));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

export const canNotify = (): boolean => 'Notification' in globalThis;

async function isAllowed(): Promise<boolean> {
  return canNotify() && (await Notification.requestPermission()) === 'granted';
}
