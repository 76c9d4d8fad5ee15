/** `pim relay`: flags, environment and config file become one relay that runs until it is stopped. */

import { createRelay, DEFAULT_PORT, type RelayOptions } from '../../relay/index.js';
import { isPimError, PimError } from '../base/errors.js';
import type { Command } from './command.js';
import { EVIL_FLAG, withHostility } from './relay-evil.js';
import { logTo } from './relay-log.js';
import { natsOptions } from './relay-nats.js';
import { directOptions, parseConfig, RELAY_SETTINGS, settingsOf } from './relay-settings.js';
import { renewAtReload, selfSignedWords, tlsOptions } from './relay-tls.js';
import { turnOptions } from './relay-turn.js';

const FLAGS = {
  ...RELAY_SETTINGS,
  config: { value: '<file>', help: 'JSON with the settings above; names in docs/relay.md.' },
  evil: EVIL_FLAG,
} as const;

export const relayCommand: Command<typeof FLAGS> = {
  summary: 'runs a relay, which also serves the widget and the demo page',
  flags: FLAGS,
  async run(values, host) {
    const [file] = values.config;
    const settings = settingsOf(values, file === undefined ? {} : parseConfig(file, host.readFile));
    const tls = await tlsOptions(settings, host);
    const given = {
      ...directOptions(settings),
      ...tls,
      ...turnOptions(settings, host),
      ...natsOptions(settings, host),
    };
    const options = await withHostility(given, values.evil, host);
    const relay = createRelay({ ...options, log: logTo(host, settings.logLevel) });
    const stopped = host.untilStopped();
    await listen(relay, options.port);
    renewAtReload(relay, settings, host);
    host.out(`The relay is up: ${pageUrl(relay.port, tls.tls !== undefined, options)}`);
    if (settings.tlsSelfSigned === true && tls.tls !== undefined) {
      for (const line of selfSignedWords(host, relay.port, tls.tls)) host.out(line);
    }
    if (relay.metricsPort !== null) {
      host.out(
        `Metrics: http://${options.metricsHost ?? '127.0.0.1'}:${relay.metricsPort}/metrics`,
      );
    }
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

/** The demo page as a person on this machine reaches it. */
function pageUrl(port: number, isTls: boolean, { host }: Partial<RelayOptions>): string {
  const isHere = host === undefined || /^(?:0\.0\.0\.0|::|127\.0\.0\.1|::1|localhost)$/.test(host);
  const name = host?.includes(':') ? `[${host}]` : host;
  return `${isTls ? 'https' : 'http'}://${isHere ? 'localhost' : name}:${port}/`;
}
