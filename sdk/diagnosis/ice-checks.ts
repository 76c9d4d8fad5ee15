/**
 * STUN and TURN servers, tried with connections of this page alone: nobody else is asked, and none of
 * what is gathered leaves it.
 */

import type { Platform } from '../base/platform.js';
import { timeLimit } from '../base/time.js';
import { type Finding, finding } from './finding.js';

/** Milliseconds for one STUN server; Chromium gives one up after 9.5 seconds. */
const STUN_LIMIT_MS = 10_000;
/** Milliseconds for the way through one TURN server and back. */
const TURN_LIMIT_MS = 10_000;
/** Servers of a kind that are tried; a page that has more hardly knows them itself. */
const MAX_TRIED = 6;

type Open = NonNullable<Platform['openPeerConnection']>;

/** One server for each URL, of those schemes. */
export function serversOf(
  servers: readonly RTCIceServer[],
  schemes: readonly string[],
): RTCIceServer[] {
  return servers
    .flatMap(({ urls, ...login }) => [urls].flat().map((url) => ({ ...login, urls: url })))
    .filter(({ urls }) => schemes.some((scheme) => urls.toLowerCase().startsWith(`${scheme}:`)))
    .filter(({ urls }, index, all) => all.findIndex((each) => each.urls === urls) === index)
    .slice(0, MAX_TRIED);
}

export async function checkStun(
  server: RTCIceServer,
  platform: Platform,
  open: Open,
  parent?: AbortSignal,
): Promise<Finding> {
  const url = String(server.urls);
  const began = platform.monotonic();
  const since = () => Math.max(1, Math.round(platform.monotonic() - began));
  const found = await withConnections(platform, open, [{ iceServers: [server] }], {
    limitMs: STUN_LIMIT_MS,
    ...(parent && { parent }),
    run: async ([connection], settle) => {
      let hasFailed = false;
      connection.onicecandidate = ({ candidate }) => {
        if (candidate?.type === 'srflx') settle(finding('stun/good', { latencyMs: since() }, url));
        // All gathered, and nobody said no: what the server tells is what the machine knew.
        if (candidate === null) settle(finding(hasFailed ? 'stun/silent' : 'stun/same', null, url));
      };
      connection.onicecandidateerror = () => {
        hasFailed = true;
      };
      connection.createDataChannel('stun');
      await connection.setLocalDescription();
    },
  });
  return found ?? finding('stun/silent', null, url);
}

/** A word through the server to itself: two connections of this page that may go no other way. */
export async function checkTurn(
  server: RTCIceServer,
  platform: Platform,
  open: Open,
  parent?: AbortSignal,
): Promise<Finding> {
  const url = String(server.urls);
  const config: RTCConfiguration = { iceServers: [server], iceTransportPolicy: 'relay' };
  let errorCode = 0;
  let hasAddress = false;
  const found = await withConnections(platform, open, [config, config], {
    limitMs: TURN_LIMIT_MS,
    ...(parent && { parent }),
    run: async ([one, other], settle) => {
      const noted = (candidate: RTCIceCandidate | null): candidate is RTCIceCandidate => {
        if (candidate === null && !hasAddress) settle(null);
        // An empty one ends a generation of them (W3C WebRTC §4.8.1.3).
        if (candidate === null || candidate.candidate === '') return false;
        hasAddress = true;
        return true;
      };
      for (const each of [one, other]) {
        each.onicecandidateerror = (event) => {
          // Above 700 it is the browser that speaks: no answer (W3C WebRTC §4.8.2).
          if (event.errorCode < 700) errorCode = event.errorCode;
        };
      }
      const channel = echoing(one, other);
      channel.onmessage = () => {
        const latencyMs = Math.max(1, Math.round(platform.monotonic() - sentAt));
        settle(finding('turn/good', { latencyMs }, url));
      };
      let sentAt = 0;
      channel.onopen = () => {
        sentAt = platform.monotonic();
        channel.send('there and back');
      };
      await introduce(one, other, noted);
    },
  });
  if (found !== null) return found;
  if (hasAddress) return finding('turn/closed', null, url);
  if (errorCode > 0) return finding('turn/refused', { errorCode }, url);
  return finding('turn/silent', null, url);
}

/** @returns the channel of `one`; what it says comes back from `other` */
function echoing(one: RTCPeerConnection, other: RTCPeerConnection): RTCDataChannel {
  const options = { negotiated: true, id: 0 };
  const back = other.createDataChannel('turn', options);
  back.onmessage = ({ data }) => back.send(data);
  return one.createDataChannel('turn', options);
}

async function introduce(
  one: RTCPeerConnection,
  other: RTCPeerConnection,
  noted: (candidate: RTCIceCandidate | null) => candidate is RTCIceCandidate,
): Promise<void> {
  let described: () => void = () => undefined;
  const isDescribed = new Promise<void>((resolve) => {
    described = resolve;
  });
  const pass = (to: RTCPeerConnection) => async (event: RTCPeerConnectionIceEvent) => {
    if (!noted(event.candidate)) return;
    await isDescribed;
    // A connection that is closed by now needs it no longer.
    await to.addIceCandidate(event.candidate).catch(() => undefined);
  };
  one.onicecandidate = pass(other);
  other.onicecandidate = pass(one);
  await one.setLocalDescription();
  await other.setRemoteDescription(descriptionOf(one));
  await other.setLocalDescription();
  await one.setRemoteDescription(descriptionOf(other));
  described();
}

function descriptionOf(of: RTCPeerConnection): RTCSessionDescriptionInit {
  const { localDescription } = of;
  if (localDescription === null) throw new TypeError('a connection without a description');
  return { type: localDescription.type, sdp: localDescription.sdp };
}

interface Attempt<Connections extends readonly unknown[]> {
  readonly limitMs: number;
  readonly parent?: AbortSignal;
  run(connections: Connections, settle: (found: Finding | null) => void): Promise<void>;
}

/** Makes the connections, waits for `settle` or the limit (null), and closes them. */
async function withConnections<Configs extends readonly RTCConfiguration[]>(
  platform: Platform,
  open: Open,
  configs: readonly [...Configs],
  attempt: Attempt<{ [Index in keyof Configs]: RTCPeerConnection }>,
): Promise<Finding | null> {
  const limit = timeLimit(platform, attempt.limitMs, attempt.parent);
  const made: RTCPeerConnection[] = [];
  try {
    for (const config of configs) made.push(open(config));
    return await new Promise<Finding | null>((settle) => {
      limit.signal.addEventListener('abort', () => settle(null), { once: true });
      if (limit.signal.aborted) settle(null);
      // A browser that will not even begin with such a server has not reached it.
      attempt.run(made as never, settle).catch(() => settle(null));
    });
  } catch {
    return null;
  } finally {
    limit.clear();
    for (const connection of made) {
      connection.onicecandidate = null;
      connection.close();
    }
  }
}
