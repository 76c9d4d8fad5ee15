/** One attempt to connect: its states, its time limits, what it refuses, and how it ends. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bytes, equal } from '../../sdk/base/bytes.js';
import { checkCertificate } from '../../sdk/peer/certificate.js';
import { routeOf } from '../../sdk/peer/route.js';
import { CONFIRM_TIMEOUT_MS, CONNECT_TIMEOUT_MS } from '../../sdk/protocol/limits.js';
import { refusal } from '../contracts/storage.js';
import type { FakePeerConnection } from '../support/fake-rtc.js';
import { suite } from '../transport/hand-platform.js';
import { Meeting, type Person, twoContacts } from './meeting.js';

const connectionOf = (person: Person): FakePeerConnection => {
  const [connection] = person.meeting.network.of(person.name);
  if (connection === undefined) throw new Error(`${person.name} has no connection`);
  return connection;
};

/** Low calls; what high answers is up to the test. */
async function calling() {
  const all = await twoContacts();
  return { ...all, peer: all.low.peer(all.high) };
}

test('is given up where no answer comes, and says so', async () => {
  const { meeting, low, peer } = await calling();
  meeting.bend = (sealed) => (meeting.seen.at(-1)?.signal.body.kind === 'answer' ? null : sealed);
  peer.call();
  await meeting.pass(CONNECT_TIMEOUT_MS - 1);
  assert.is(peer.state, 'connecting');
  const connection = connectionOf(low);
  await meeting.pass(1);
  assert.is(peer.reason?.code, 'peer/unanswered');
  assert.is(connection.connectionState, 'closed');
});

test('is given up where the other end never proves itself, as an impostor’s', async () => {
  const { meeting, low, high, peer } = await calling();
  // Frames of high's never arrive: the channel is open and silent.
  const real = high.platform.openPeerConnection;
  high.platform.openPeerConnection = (config) => {
    const connection = real?.(config) as RTCPeerConnection;
    const create = connection.createDataChannel.bind(connection);
    connection.createDataChannel = (...given) => {
      const channel = create(...given);
      channel.send = () => undefined;
      return channel;
    };
    return connection;
  };
  peer.call();
  await meeting.rest();
  await meeting.pass(CONFIRM_TIMEOUT_MS - 1);
  assert.is(peer.state, 'connecting');
  await meeting.pass(1);
  // Both wait equally long; whoever is first closes the other's channel.
  const reasons = [peer.reason, high.peer(low).reason];
  const late = reasons.find((reason) => reason?.code === 'peer/impostor');
  assert.equal(late?.detail, { reason: 'no proof in time' });
  assert.equal([...low.secured, ...high.secured], []);
});

test('shows nothing and tells nobody before the proof', async () => {
  const { meeting, low, high, peer } = await calling();
  const atSecure: string[] = [];
  const note = low.secured.push.bind(low.secured);
  low.secured.push = (...each) => {
    atSecure.push(peer.state);
    return note(...each);
  };
  peer.call();
  await meeting.rest();
  assert.equal(atSecure, ['connected']);
  assert.is(high.peer(low).channels.length, 1);
});

test('refuses a connection whose certificate is not the one that was signed', async () => {
  const { meeting, low, peer } = await calling();
  const real = low.platform.openPeerConnection;
  low.platform.openPeerConnection = (config) => {
    const connection = real?.(config) as RTCPeerConnection;
    const sctp = { transport: { getRemoteCertificates: () => [new ArrayBuffer(300)] } };
    Object.defineProperty(connection, 'sctp', { get: () => sctp });
    return connection;
  };
  peer.call();
  await meeting.rest();
  assert.is(peer.reason?.code, 'peer/impostor');
  assert.equal(peer.reason?.detail, { reason: 'another certificate' });
  assert.equal(low.secured, []);
});

test('believes a browser that does not show the certificate: DTLS has compared it', async () => {
  const fingerprint = new Uint8Array(32);
  const connections: unknown[] = [
    null,
    {},
    { sctp: null },
    { sctp: { transport: {} } },
    { sctp: { transport: { getRemoteCertificates: () => [] } } },
  ];
  for (const each of connections) {
    await checkCertificate(each as RTCPeerConnection | null, fingerprint, suite);
  }
  const certificate = new Uint8Array(10).fill(3);
  const shown = { sctp: { transport: { getRemoteCertificates: () => [certificate.buffer] } } };
  const connection = shown as unknown as RTCPeerConnection;
  await checkCertificate(connection, await suite.sha256(certificate), suite);
  await refusal(checkCertificate(connection, fingerprint, suite), 'peer/impostor');
});

test('closes every channel beyond the one that belongs to it', async () => {
  const { meeting, low, high, peer } = await calling();
  peer.call();
  await meeting.rest();
  const extra = connectionOf(high).createDataChannel('more');
  await meeting.rest();
  assert.is(extra.readyState, 'closed');
  assert.is(peer.state, 'connected');
  assert.is(low.peer(high).channels.length, 1);
});

test('an answer to another offer is left alone', async () => {
  const { meeting, low, high, peer } = await calling();
  const answers: Bytes[] = [];
  meeting.bend = (sealed, _from, to) => {
    const isAnswer = meeting.seen.at(-1)?.signal.body.kind === 'answer';
    if (isAnswer && to === low && answers.length === 0) {
      answers.push(sealed);
      return null;
    }
    return sealed;
  };
  peer.call();
  await meeting.pass(CONNECT_TIMEOUT_MS + 60_000);
  assert.is(peer.state, 'connected', 'a later attempt went through');
  const before = low.channel(high);
  low.deliver(answers[0] as Bytes);
  await meeting.pass(10_000);
  assert.is(low.channel(high), before);
});

test('what comes before its turn is kept: candidates before the offer', async () => {
  const { meeting, low, high, peer } = await calling();
  let offer: Bytes | null = null;
  meeting.bend = (sealed, from) => {
    const kind = meeting.seen.at(-1)?.signal.body.kind;
    if (kind === 'offer' && offer === null) {
      offer = sealed;
      return null;
    }
    return from === low && kind === 'candidates' && offer !== null ? [sealed] : sealed;
  };
  peer.call();
  await meeting.rest();
  assert.ok(meeting.kinds(low).includes('candidates'));
  assert.is(peer.state, 'connecting');
  high.deliver(offer as unknown as Bytes);
  await meeting.rest();
  assert.is(peer.state, 'connected');
});

test('a browser that fails in any step ends the attempt in words', async () => {
  for (const step of [
    'createDataChannel',
    'setLocalDescription',
    'setRemoteDescription',
  ] as const) {
    for (const who of ['low', 'high'] as const) {
      const all = await calling();
      const broken = all[who];
      const real = broken.platform.openPeerConnection;
      broken.platform.openPeerConnection = (config) => {
        const connection = real?.(config) as RTCPeerConnection;
        connection[step] = () => {
          throw new DOMException('no', 'OperationError');
        };
        return connection;
      };
      all.peer.call();
      await all.meeting.pass(120_000);
      const reason = (who === 'low' ? all.peer : all.high.peer(all.low)).reason?.code;
      assert.is(reason, 'peer/protocol', `${step} of ${who}`);
      assert.is(all.meeting.network.of(who).length, 0);
    }
  }
});

test('a connection that cannot be made at all ends the attempt in words', async () => {
  const { meeting, low, peer } = await calling();
  low.platform.openPeerConnection = () => {
    throw new DOMException('no more', 'UnknownError');
  };
  peer.call();
  await meeting.pass(120_000);
  assert.is(peer.reason?.code, 'peer/protocol');
});

test('a browser that describes itself in a new way ends the attempt in words', async () => {
  const { meeting, low, peer } = await calling();
  const real = low.platform.openPeerConnection;
  low.platform.openPeerConnection = (config) => {
    const connection = real?.(config) as RTCPeerConnection;
    Object.defineProperty(connection, 'localDescription', { value: { sdp: 'v=1' } });
    return connection;
  };
  peer.call();
  await meeting.rest();
  assert.is(peer.reason?.code, 'peer/protocol');
  assert.equal(
    meeting.kinds(low).filter((kind) => kind === 'offer'),
    [],
  );
});

test('leaves no timer, handler or connection behind', async () => {
  const meeting = new Meeting();
  const low = await meeting.person('low');
  const high = await meeting.person('high', 'high');
  low.knows(high);
  high.knows(low);
  await low.join();
  await high.join();
  low.peer(high).call();
  await meeting.rest();
  const connection = connectionOf(low);
  low.channel(high).read(() => undefined);
  low.book.stop();
  high.book.stop();
  await meeting.pass(1_000);
  assert.equal(
    [connection.onicecandidate, connection.onconnectionstatechange, connection.ondatachannel],
    [null, null, null],
  );
  assert.is(connection.connectionState, 'closed');
  await meeting.pass(30_000);
  assert.is(meeting.clock.waiting, 0);
});

test('both ends sign over the same session, and it is named after both devices and nonces', async () => {
  const { meeting, low, high, peer } = await calling();
  peer.call();
  await meeting.rest();
  const [mine] = peer.sessions;
  const [theirs] = high.peer(low).sessions;
  assert.ok(mine !== undefined && theirs !== undefined);
  assert.ok(equal(mine.ends.id, theirs.ends.id));
  assert.equal(mine.ends.names, theirs.ends.names);
  assert.equal([mine.ends.role, theirs.ends.role], ['low', 'high']);
});

/** A browser's report of its candidate pairs (W3C webrtc-stats). */
function reporting(types: [local: string, remote: string], change: object = {}) {
  const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded' };
  const reports = new Map<string, object>([
    ['L', { candidateType: types[0] }],
    ['R', { candidateType: types[1] }],
    ['old', { ...pair, state: 'failed', localCandidateId: 'R', remoteCandidateId: 'R' }],
    ['P', { ...pair, localCandidateId: 'L', remoteCandidateId: 'R', ...change }],
  ]);
  return { getStats: async () => reports } as unknown as RTCPeerConnection;
}

test('tells a direct way from one through a TURN server at either end', async () => {
  assert.is(await routeOf(reporting(['host', 'srflx'])), 'direct');
  assert.is(await routeOf(reporting(['prflx', 'host'])), 'direct');
  assert.is(await routeOf(reporting(['relay', 'host'])), 'relayed');
  assert.is(await routeOf(reporting(['host', 'relay'])), 'relayed');
  assert.is(await routeOf(reporting(['host', 'host'], { state: 'waiting' })), null);
  assert.is(await routeOf(reporting(['host', 'host'], { nominated: false })), null);
});

test.run();
