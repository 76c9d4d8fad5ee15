/** The relay's log on standard error: JSON lines, from a level on. */

import type { RelayLog } from '../../relay/index.js';
import { PimError } from '../base/errors.js';
import type { CommandHost } from './command-host.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/**
 * @param given the least level that is written; default info, and warn where a person reads along
 * @throws options/invalid for another word
 */
export function logTo(host: CommandHost, given: string | undefined): RelayLog {
  const least = LEVELS.findIndex((each) => each === (given ?? (host.isTerminal ? 'warn' : 'info')));
  if (least < 0) {
    const expected = LEVELS.join(', ').replace(', error', ' or error');
    const message = `“--log-level” should be ${expected}.`;
    throw new PimError('options/invalid', message, { option: '--log-level', expected });
  }
  return (level, event, fields) => {
    if (LEVELS.indexOf(level) < least) return;
    host.err(JSON.stringify({ time: new Date().toISOString(), level, event, ...fields }));
  };
}
