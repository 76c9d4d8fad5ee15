/** Where a relay's TURN secret comes from: a variable, a file, or (seen by everybody on the machine) a flag. */

import type { RelayOptions } from '../../relay/index.js';
import { PimError } from '../base/errors.js';
import type { CommandHost } from './command-host.js';
import type { RelaySettings } from './relay-settings.js';

/** What of RelayOptions follows from the settings. @throws options/invalid */
export function turnOptions(
  { turnSecret, turnSecretFile }: RelaySettings,
  host: CommandHost,
): Pick<RelayOptions, 'turnSecret'> {
  if (turnSecretFile === undefined) return turnSecret === undefined ? {} : { turnSecret };
  const option = '--turn-secret-file';
  const refusal = (expected: string, cause?: unknown) =>
    new PimError(
      'options/invalid',
      `“${option}” should be ${expected}.`,
      { option, expected },
      cause,
    );
  if (turnSecret !== undefined) throw refusal('given without --turn-secret');
  try {
    // Editors end a file with a line end; coturn's secret has none.
    return { turnSecret: host.readFile(turnSecretFile).trim() };
  } catch (cause) {
    throw refusal('a file that can be read', cause);
  }
}
