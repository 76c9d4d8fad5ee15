/**
 * The certificate the browser really saw at the other end (W3C webrtc-pc §5.5) against the one that
 * was signed. DTLS compares them first; `checkCertificate` keeps us from trusting that it did, and
 * `isCertificateRefused` tells that refusal from networks that let nothing through.
 */

import { type Bytes, equal } from '../base/bytes.js';
import type { Suite } from '../crypto/suite.js';
import { impostor } from './faults.js';

/** @throws peer/impostor where the two differ; a browser that does not tell is believed */
export async function checkCertificate(
  connection: RTCPeerConnection | null,
  fingerprint: Bytes,
  suite: Suite,
): Promise<void> {
  const transport = connection?.sctp?.transport as
    | (RTCDtlsTransport & { getRemoteCertificates?(): ArrayBuffer[] })
    | undefined;
  const certificate = transport?.getRemoteCertificates?.()[0];
  if (certificate === undefined) return;
  const seen = await suite.sha256(new Uint8Array(certificate));
  if (!equal(seen, fingerprint)) throw impostor('another certificate');
}

/**
 * The two ends reached each other, and one refused the certificate of the other: the connection has
 * failed where ICE has not, so DTLS has (W3C webrtc-pc §4.4.3). What each says of itself may lag behind.
 * Measured in Chromium 156 and Firefox 153, at both ends.
 */
export function isCertificateRefused(connection: RTCPeerConnection): boolean {
  const { iceConnectionState: ice, sctp } = connection;
  if (ice === 'failed') return false;
  return sctp?.transport?.state === 'failed' || ice === 'connected' || ice === 'completed';
}
