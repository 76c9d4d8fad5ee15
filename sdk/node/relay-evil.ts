/**
 * `pim relay --evil`, and the attacks a visitor of the demo page may choose. Both are loaded only
 * here and only when they are wanted: a public relay never loads a line of them.
 */

import type { RelayOptions } from '../../relay/index.js';
import { PimError } from '../base/errors.js';
import type { CommandHost } from './command-host.js';

export const EVIL_FLAG = {
  value: '<attack>',
  isList: true,
  help: 'For tests only: attacks whoever connects, such as tamper; all in docs/evil-relay.md.',
} as const;

/** Settings by which real people would come to an evil relay, or other relays to their traffic. */
const SERIOUS = /^(?:tls|nats|turn|trust)/i;
const LOOPBACK = /^(?:127(?:\.\d+){3}|::1|localhost)$/;

/**
 * The options as the relay takes them: evil where `attacks` are given, with the demo's choice of
 * attacks where only this machine can reach it, and otherwise as they are.
 * @throws options/unknown, options/invalid
 */
export async function withHostility(
  options: RelayOptions,
  attacks: readonly string[],
  host: CommandHost,
): Promise<RelayOptions> {
  if (attacks.length === 0) {
    if (!isDemo(options)) return options;
    const { hostile, lab } = await import('../../relay/evil/index.js');
    return { ...options, seams: { hostility: lab((names) => hostile(names)) } };
  }
  const serious = Object.keys(options).find((name) => SERIOUS.test(name));
  if (serious !== undefined) throw refusal(serious);
  const { hostile } = await import('../../relay/evil/index.js');
  const hostility = hostile(attacks);
  warn(attacks, host);
  return { ...options, host: options.host ?? '127.0.0.1', seams: { hostility } };
}

/** Nobody but this machine reaches it, and it is nobody's relay in earnest. */
function isDemo({ host, origins = [], ...rest }: RelayOptions): boolean {
  const isHere = host === undefined || LOOPBACK.test(host);
  return isHere && origins.length === 0 && !Object.keys(rest).some((name) => SERIOUS.test(name));
}

function warn(attacks: readonly string[], host: CommandHost): void {
  const line = '!'.repeat(72);
  host.err(line);
  host.err(`This relay is EVIL: it attacks everybody who connects (${attacks.join(', ')}).`);
  host.err('It is for tests. Do not give its URL to anybody.');
  host.err(line);
}

function refusal(option: string): PimError<'options/invalid'> {
  const expected = `used without “${option}”: an evil relay is for tests`;
  const message = `“--evil” should be ${expected}.`;
  return new PimError('options/invalid', message, { option: '--evil', expected });
}
