/** Where a relay's certificate comes from: files, read again at SIGHUP, or one made at the start. */

import { X509Certificate } from 'node:crypto';
import type { Relay, RelayOptions, TlsFiles } from '../../relay/index.js';
import { PimError } from '../base/errors.js';
import type { CommandHost } from './command-host.js';
import type { RelaySettings } from './relay-settings.js';

/** Three names of this machine and these are as many origins as a relay may have. */
const MAX_LAN_ADDRESSES = 5;

/** What of RelayOptions follows from the TLS settings. */
type TlsOptions = Pick<RelayOptions, 'tls' | 'origins' | 'host'>;

/** @throws options/invalid where the settings do not fit each other or a file cannot be read */
export async function tlsOptions(settings: RelaySettings, host: CommandHost): Promise<TlsOptions> {
  const { tlsCert, tlsKey, tlsSelfSigned } = settings;
  if (tlsSelfSigned === true) {
    if (tlsCert !== undefined || tlsKey !== undefined) {
      throw invalid('--tls-self-signed', 'given without --tls-cert and --tls-key');
    }
    return selfSignedOptions(settings, host);
  }
  const tls = filesOf(settings, host);
  return tls === null ? {} : { tls };
}

/** Reads the files again whenever the process is told to; what is wrong with them is logged. */
export function renewAtReload(relay: Relay, settings: RelaySettings, host: CommandHost): void {
  if (settings.tlsCert === undefined) return;
  host.onReload(() => {
    try {
      const tls = filesOf(settings, host);
      if (tls !== null) relay.renewTls(tls);
    } catch (fault) {
      // The certificate in use stays: it is better than none.
      host.err(`pim: ${(fault as Error).message}`);
    }
  });
}

/** For whoever tries a self-signed relay: where the page is, and what the browser should show. */
export function selfSignedWords(host: CommandHost, port: number, tls: TlsFiles): readonly string[] {
  const urls = lanNames(host).map((name) => `In this network: https://${name}:${port}/`);
  return [...urls, `Certificate (SHA-256): ${new X509Certificate(tls.cert).fingerprint256}`];
}

async function selfSignedOptions(settings: RelaySettings, host: CommandHost): Promise<TlsOptions> {
  const { selfSigned } = await import('./self-signed.js');
  const names = ['localhost', '127.0.0.1', '::1', ...host.lanAddresses()];
  const urls = ['localhost', '127.0.0.1', '[::1]', ...lanNames(host)];
  const tls = selfSigned(names, new Date());
  return {
    tls,
    host: settings.host ?? '::',
    origins: settings.origins ?? ((port) => urls.map((name) => `wss://${name}:${port}`)),
  };
}

function lanNames(host: CommandHost): readonly string[] {
  return host
    .lanAddresses()
    .slice(0, MAX_LAN_ADDRESSES)
    .map((address) => (address.includes(':') ? `[${address}]` : address));
}

function filesOf({ tlsCert, tlsKey }: RelaySettings, host: CommandHost): TlsFiles | null {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined) throw invalid('--tls-key', 'given together with --tls-cert');
  if (tlsKey === undefined) throw invalid('--tls-cert', 'given together with --tls-key');
  return { cert: read(tlsCert, '--tls-cert', host), key: read(tlsKey, '--tls-key', host) };
}

function read(path: unknown, option: string, host: CommandHost): string {
  try {
    return host.readFile(path as string);
  } catch (cause) {
    throw invalid(option, `a file that can be read: ${path} is not`, cause);
  }
}

function invalid(option: string, expected: string, cause?: unknown): PimError {
  const message = `“${option}” should be ${expected}.`;
  return new PimError('options/invalid', message, { option, expected }, cause);
}
