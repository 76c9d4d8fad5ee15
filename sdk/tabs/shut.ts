/**
 * A key that was opened is closed again, in this tab and in all others.
 */

import type { Access } from '../access.js';
import { toHex } from '../base/bytes.js';
import type { TabChannel } from '../base/platform.js';
import { close, keepOpen, type OpenRecord, underPassphrase } from '../chat/locked.js';
import { databaseName } from '../running.js';
import { tell } from './unlocked.js';
import { parse } from './wire.js';

/** What each Pim said last: a tab hears itself too, and may have been opened again by then. */
const said = new WeakMap<Access, string>();

/** What hears of it in a page where the chat was stopped: `start()` would ask for nothing there. */
const ears = new WeakMap<Access, TabChannel>();

/** From here on this page asks for no passphrase, until the key is closed in whichever tab. */
export function holdOpen(access: Access, record: OpenRecord): void {
  const { platform, profile } = access.options;
  keepOpen(platform, record);
  const ear = ears.get(access) ?? platform.openChannel?.(databaseName(profile));
  if (!ear) return;
  ears.set(access, ear);
  ear.onmessage = ({ data }) => {
    const saying = parse(data);
    if (saying?.kind !== 'shut' || said.get(access) === saying.by) return;
    const state = access.state();
    if (state === 'stopped' || state === 'stopping') close(platform);
  };
}

/** The others are told first: none of them is to lead with the key once this tab is gone. */
export async function shutAll(access: Access): Promise<void> {
  const by = toHex(access.options.platform.random(8));
  said.set(access, by);
  tell(access, { kind: 'shut', by });
  await shut(access);
}

/** @param by who closed it */
export async function heardShut(access: Access, by: string): Promise<void> {
  if (said.get(access) !== by) await shut(access);
}

async function shut({ options, pim, state, stop, emit }: Access): Promise<void> {
  const { platform } = options;
  const goesOn = state() === 'started' ? pim.address : null;
  const before = close(platform);
  await stop();
  // A tab that was just being let in was given the key all the same.
  const late = close(platform);
  const address = goesOn ?? before ?? late;
  if (address !== null) emit('error', underPassphrase(address));
}
