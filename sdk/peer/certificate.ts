/**
 * The certificate the browser really saw at the other end (W3C webrtc-pc §5.5) against the one that
 * was signed. DTLS has compared them already; this keeps us from trusting that it did.
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
