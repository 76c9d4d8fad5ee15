/** Runs in a page: what pim needs of a browser is there. */

import * as assert from 'uvu/assert';
import type { PageSuite } from '../../support/in-page.js';

const suite: PageSuite<{ engine: string }> = (test, { engine }) => {
  test(`${engine} gives a secure page with Web Crypto, IndexedDB, locks and WebRTC`, () => {
    assert.ok(isSecureContext);
    assert.type(crypto.subtle.sign, 'function');
    assert.type(indexedDB.open, 'function');
    assert.type(navigator.locks.request, 'function');
    assert.type(RTCPeerConnection, 'function');
  });

  test(`${engine} signs and verifies with Ed25519`, async () => {
    const made = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    const pair = made as CryptoKeyPair;
    const text = new TextEncoder().encode('hello');
    const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, text);
    assert.ok(await crypto.subtle.verify('Ed25519', pair.publicKey, signature, text));
  });
};

export default suite;
