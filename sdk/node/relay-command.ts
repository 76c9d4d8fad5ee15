/** `pim relay`: flags, environment and config file become one relay that runs until it is stopped. */

import { createRelay, DEFAULT_PORT, type RelayLog, type RelayOptions } from '../../relay/index.js';
import { isPimError, PimError } from '../base/errors.js';
import type { Command } from './command.js';
import type { CommandHost } from './command-host.js';
import { type FlagValues, unknown } from './flags.js';

const FLAGS = {
  port: { value: '<number>', help: `TCP port, 0 for a free one. Default ${DEFAULT_PORT}.` },
  host: {
    value: '<name>',
    help: 'Where to listen. Default: this machine alone, or everywhere with --origin.',
  },
  origin: {
    value: '<url>',
    isList: true,
    help: 'Public origin, such as wss://relay.example. Default: this machine.',
  },
  'allow-origin': {
    value: '<url>',
    isList: true,
    help: 'Origin of pages that may connect. Default: all.',
  },
  config: { value: '<file>', help: 'JSON: port, host, origins, allowOrigins, limits.' },
} as const;

/** Options a config file may set; the rest is for programs. */
const CONFIGURABLE = ['port', 'host', 'origins', 'allowOrigins', 'limits'] as const;

export const relayCommand: Command<typeof FLAGS> = {
  summary: 'runs a relay, which also serves the widget and the demo page',
  flags: FLAGS,
  async run(values, host) {
    const options = { ...configured(values, host), ...flagged(values) };
    const relay = createRelay({ ...options, log: logTo(host) });
    const stopped = host.untilStopped();
    await listen(relay, options.port);
    host.out(`The relay is up: ${pageUrl(relay.port, options)}`);
    await stopped;
    await relay.close();
    return 0;
  },
};

async function listen(relay: ReturnType<typeof createRelay>, port = DEFAULT_PORT): Promise<void> {
  try {
    await relay.listen();
  } catch (fault) {
    if (!isPimError(fault, 'options/invalid') || fault.detail.option !== 'port') throw fault;
    const hint = `Choose another one: pim relay --port ${port < 1024 ? DEFAULT_PORT : port + 1}`;
    throw new PimError(fault.code, `${fault.message} ${hint}`, fault.detail, fault.cause);
  }
}

function configured(values: FlagValues<typeof FLAGS>, host: CommandHost): Partial<RelayOptions> {
  const [file] = values.config;
  if (file === undefined) return {};
  const parsed = parseConfig(file, host);
  for (const name of Object.keys(parsed)) {
    const known: readonly string[] = CONFIGURABLE;
    if (!known.includes(name)) throw unknown(name, known, 'no setting');
  }
  return parsed;
}

function parseConfig(file: string, host: CommandHost): object {
  const expected = 'a file with a JSON object';
  const message = `“--config” should be ${expected}: ${file} is not.`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(host.readFile(file));
  } catch (cause) {
    throw new PimError('options/invalid', message, { option: '--config', expected }, cause);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new PimError('options/invalid', message, { option: '--config', expected });
}

function flagged(values: FlagValues<typeof FLAGS>): Partial<RelayOptions> {
  const [port] = values.port;
  const [host] = values.host;
  const allowed = values['allow-origin'];
  return {
    // Only digits: Number('') is 0, and Number('0x1f') is a port, too.
    ...(port === undefined ? {} : { port: /^\d+$/.test(port) ? Number(port) : Number.NaN }),
    ...(host === undefined ? {} : { host }),
    ...(values.origin.length === 0 ? {} : { origins: values.origin }),
    ...(allowed.length === 0 ? {} : { allowOrigins: allowed }),
  };
}

/** The demo page as a person on this machine reaches it. */
function pageUrl(port: number, { host }: Partial<RelayOptions>): string {
  const isHere = host === undefined || /^(?:0\.0\.0\.0|::|127\.0\.0\.1|::1|localhost)$/.test(host);
  const name = host?.includes(':') ? `[${host}]` : host;
  return `http://${isHere ? 'localhost' : name}:${port}/`;
}

/** JSON lines; a person at a terminal sees only what is wrong. */
function logTo(host: CommandHost): RelayLog {
  return (level, event, fields) => {
    if (host.isTerminal && level === 'info') return;
    host.err(JSON.stringify({ time: new Date().toISOString(), level, event, ...fields }));
  };
}
