/** `pim <command>`: finds the command, parses its flags, runs it, and turns failures into words. */

import { findPackageRoot } from '../../relay/package-root.js';
import { isPimError } from '../base/errors.js';
import type { Command } from './command.js';
import type { CommandHost } from './command-host.js';
import { describeFlags, type FlagTable, parseFlags, unknown } from './flags.js';
import { relayCommand } from './relay-command.js';

const COMMANDS = { relay: relayCommand } as const;

/** Exit codes. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

/** @returns the exit code; never rejects but for a fault of pim itself */
export async function runCommandLine(args: readonly string[], host: CommandHost): Promise<number> {
  const [word = '--help', ...rest] = args;
  try {
    if (word === '--version' || word === '-v') return say(host, version());
    if (word === '--help' || word === '-h') return say(host, overview());
    const names = Object.keys(COMMANDS);
    if (!names.includes(word)) throw unknown(word, names, 'no command');
    return await runCommand(word, COMMANDS[word as keyof typeof COMMANDS], rest, host);
  } catch (fault) {
    if (!isPimError(fault)) throw fault;
    host.err(`pim: ${fault.message}`);
    // A cause means that the request was sound and the machine said no.
    if (fault.cause !== undefined) return FAILED;
    host.err('Try: pim --help');
    return MISUSED;
  }
}

async function runCommand<Table extends FlagTable>(
  name: string,
  command: Command<Table>,
  args: readonly string[],
  host: CommandHost,
): Promise<number> {
  const parsed = parseFlags(command.flags, args, host.env);
  if (parsed.asked === 'version') return say(host, version());
  if (parsed.asked === null) return command.run(parsed.values, host);
  return say(host, `pim ${name}: ${command.summary}\n\n${describeFlags(command.flags)}`);
}

function overview(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name}  ${summary}`);
  return `Usage: pim <command> [flags]\n\n${lines.join('\n')}\n\nFlags of a command: pim <command> --help`;
}

function version(): string {
  return findPackageRoot()?.version ?? 'unknown';
}

function say(host: CommandHost, text: string): number {
  host.out(text);
  return DONE;
}
