/**
 * How the bytes of an open connection travel.
 */

/** Whether the selected candidate pair goes through a TURN server (W3C webrtc-stats §8); null: untold. */
export async function routeOf(connection: RTCPeerConnection): Promise<'direct' | 'relayed' | null> {
  const reports = new Map<string, Record<string, unknown>>();
  (await connection.getStats()).forEach((report, id) => void reports.set(id, report));
  const pair = [...reports.values()].find(
    (report) =>
      report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded',
  );
  if (pair === undefined) return null;
  const ends = [pair.localCandidateId, pair.remoteCandidateId];
  const isRelayed = ends.some((id) => reports.get(String(id))?.candidateType === 'relay');
  return isRelayed ? 'relayed' : 'direct';
}
