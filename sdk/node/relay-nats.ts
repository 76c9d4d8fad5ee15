/** From the settings about NATS to one option: files are read, what is not given is left out. */

import type { NatsOptions, RelayOptions } from '../../relay/index.js';
import { PimError } from '../base/errors.js';
import type { CommandHost } from './command-host.js';
import type { RelaySettings } from './relay-settings.js';

/** What of RelayOptions follows from the settings. @throws options/invalid */
export function natsOptions(
  settings: RelaySettings,
  host: CommandHost,
): Pick<RelayOptions, 'nats'> {
  const { natsPassword, natsSubject, natsToken, natsUrls, natsUser } = settings;
  const read = (option: string, path: string | undefined) => {
    const expected = 'a file that can be read';
    try {
      return path === undefined ? undefined : host.readFile(path);
    } catch (cause) {
      const message = `“${option}” should be ${expected}.`;
      throw new PimError('options/invalid', message, { option, expected }, cause);
    }
  };
  const ca = read('--nats-ca', settings.natsCa);
  const cert = read('--nats-cert', settings.natsCert);
  const key = read('--nats-key', settings.natsKey);
  const tls = given({ ca, cert, key });
  const login = {
    user: natsUser,
    password: natsPassword,
    token: natsToken,
    creds: read('--nats-creds', settings.natsCreds),
    subject: natsSubject,
    tls: Object.keys(tls).length === 0 ? undefined : tls,
  };
  const rest = given(login);
  if (natsUrls === undefined && Object.keys(rest).length > 0) {
    const [option, expected] = ['--nats', 'given with the other settings of NATS'];
    throw new PimError('options/invalid', `“${option}” should be ${expected}.`, {
      option,
      expected,
    });
  }
  return natsUrls === undefined ? {} : { nats: { ...rest, servers: natsUrls } as NatsOptions };
}

function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
