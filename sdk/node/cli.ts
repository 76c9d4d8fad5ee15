#!/usr/bin/env node

/**
 * The `pim` command: hands the process to the command line and leaves with its exit code.
 * 0: done; 1: could not; 2: was asked for something that does not exist.
 */

import { processHost } from './command-host.js';
import { runCommandLine } from './command-line.js';

process.exitCode = await runCommandLine(process.argv.slice(2), processHost());
