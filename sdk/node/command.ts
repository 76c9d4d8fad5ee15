/** A subcommand of `pim`: what it is called for, its flags, and what it does with them. */

import type { CommandHost } from './command-host.js';
import type { FlagTable, FlagValues } from './flags.js';

export interface Command<Table extends FlagTable> {
  readonly summary: string;
  readonly flags: Table;
  /**
   * @returns the exit code
   * @throws PimError, with a cause where the request was sound and the machine said no
   */
  run(values: FlagValues<Table>, host: CommandHost): Promise<number>;
}
