/**
 * Attacks for the visitors of the demo page: beside the honest relay at `/`, an evil one for each
 * attack at `/evil/<attack>`, begun when somebody first dials it. Each is a relay of its own on a port
 * of this machine; what is dialled here is passed through to it. Only pages of this relay, opened on
 * this machine, are let in, and there are never more of them than attacks.
 */

import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Asset } from '../asset.js';
import type { Hostility } from '../hostility.js';
import type { RelayLimits } from '../limits.js';
import { mediaTypeOf } from '../media-types.js';
import { loopbackOrigins } from '../origins.js';
import { createRelay } from '../relay.js';
import type { Relay } from '../relay-api.js';
import { refuseUpgrade } from '../upgrade-refusal.js';
import { ATTACK_NAMES, type AttackName, attackOf } from './catalogue.js';

const FOLDER = '/evil/';
/** What the page offers, in the order of the catalogue. */
const LIST = `${FOLDER}attacks.json`;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::(\d+))?$/;
/** People of one demo, and a reload or two of theirs. */
const LIMITS: Partial<RelayLimits> = { sockets: 64, socketsPerIp: 64, pendingPerIp: 64 };

/** @param hostile makes the seam of an attack; given, because it is who calls this */
export function lab(hostile: (attacks: readonly string[]) => Hostility): Hostility {
  const relays = new Map<AttackName, Promise<Relay>>();
  const relayFor = (attack: AttackName, port: number): Promise<Relay> => {
    const known = relays.get(attack) ?? start(attack, port, hostile);
    relays.set(attack, known);
    return known;
  };
  return {
    isPath: (path) => attackAt(path) !== null,
    upgrade: (request, socket, admit) => {
      const attack = attackAt(request.url ?? '');
      if (attack === null) return admit();
      const port = portOf(request);
      if (port === null) return refuseUpgrade(socket, 403);
      relayFor(attack, port).then(
        (relay) => passThrough(request, socket, relay.port),
        () => refuseUpgrade(socket, 503),
      );
    },
    site: (site) => {
      const shown = ATTACK_NAMES.filter((name) => attackOf(name).isShown === true);
      const list = shown.map((name) => {
        const { fails, title, tries } = attackOf(name);
        return { name, title, tries, fails };
      });
      const media = mediaTypeOf('attacks.json');
      const body = Buffer.from(JSON.stringify(list));
      if (media === null) return site;
      const asset = new Asset(body, media, { 'Cache-Control': 'no-cache' });
      return new Map([...site, [LIST, { asset }]]);
    },
    close: async () => {
      const all = await Promise.allSettled(relays.values());
      const begun = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      await Promise.all(begun.map((relay) => relay.close({ withinMs: 0 })));
    },
  };
}

function attackAt(path: string): AttackName | null {
  if (!path.startsWith(FOLDER)) return null;
  return ATTACK_NAMES.find((name) => name === path.slice(FOLDER.length)) ?? null;
}

/**
 * The port this relay was dialled at, by a page of its own on this machine; null for everybody else:
 * pages of others, programs, and names that were made to lead here (DNS rebinding).
 */
function portOf({ headers }: IncomingMessage): number | null {
  const { host = '', origin = '' } = headers;
  const [, port = '80'] = LOOPBACK.exec(host) ?? [];
  const isOwnPage = origin === `http://${host}` && LOOPBACK.test(host);
  return isOwnPage ? Number(port) : null;
}

/** @param port the one people dial, which their logins name */
async function start(
  attack: AttackName,
  port: number,
  hostile: (attacks: readonly string[]) => Hostility,
): Promise<Relay> {
  const relay = createRelay({
    port: 0,
    host: '127.0.0.1',
    origins: loopbackOrigins(port),
    files: false,
    limits: LIMITS,
    seams: { hostility: hostile([attack]) },
  });
  await relay.listen();
  return relay;
}

/** The request as it came, at the path that a relay answers at, and then every byte both ways. */
function passThrough(request: IncomingMessage, socket: Duplex, port: number): void {
  const there = connect(port, '127.0.0.1');
  // As ws does: silence is the other relay's affair, not the web server's.
  if ('setTimeout' in socket) (socket as Socket).setTimeout(0);
  const lines = [`GET / HTTP/1.1`];
  for (let n = 0; n < request.rawHeaders.length; n += 2) {
    lines.push(`${request.rawHeaders[n]}: ${request.rawHeaders[n + 1]}`);
  }
  there.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.pipe(there).pipe(socket);
  for (const [one, other] of [
    [socket, there],
    [there, socket],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
