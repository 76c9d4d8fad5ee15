/**
 * How the bytes of an open connection travel. Fetched once somebody is connected.
 */

import type { Peer } from './peer.js';

/** How the bytes go to somebody who is here; null: untold. `onMoved`: ICE may have found a better way. */
export async function routeTo(
  peer: Peer,
  onMoved: () => void,
): Promise<'direct' | 'relayed' | null> {
  const open = peer.sessions.find((session) => session.channel !== null)?.connection;
  const ice = open?.sctp?.transport.iceTransport;
  if (ice) ice.onselectedcandidatepairchange = onMoved;
  const route = open ? await routeOf(open).catch(() => null) : null;
  return peer.state === 'connected' ? route : null;
}

/**
 * Whether the selected candidate pair goes through a TURN server; null: untold. Chromium says which one
 * it is before the pair is nominated (W3C webrtc-stats §8, RTCTransportStats), Firefox does not.
 */
export async function routeOf(connection: RTCPeerConnection): Promise<'direct' | 'relayed' | null> {
  const reports = new Map<string, Record<string, unknown>>();
  (await connection.getStats()).forEach((report, id) => void reports.set(id, report));
  const all = [...reports.values()];
  const selected = all.find((report) => report.selectedCandidatePairId)?.selectedCandidatePairId;
  const pair =
    reports.get(String(selected)) ??
    all.find((report) => report.nominated && report.state === 'succeeded');
  if (pair === undefined) return null;
  const ends = [pair.localCandidateId, pair.remoteCandidateId];
  const isRelayed = ends.some((id) => reports.get(String(id))?.candidateType === 'relay');
  return isRelayed ? 'relayed' : 'direct';
}
