/** Random values of the protocol's types, well-formed in every field. */

import { utf8 } from '../../sdk/base/bytes.js';
import {
  type AddressKind,
  type Candidate,
  type Description,
  isReachable,
} from '../../sdk/protocol/description.js';
import type {
  Entry,
  EntryBody,
  EntryPlace,
  EntryRef,
  FileFacts,
} from '../../sdk/protocol/entry.js';
import type { Random } from './fuzz.js';

const ICE = 'ABCXYZabcxyz0189+/';
const TEXT = 'aą€\n\0"<\u202e\ud83d\ude00';

export function randomDescription(random: Random, setup: Description['setup']): Description {
  return {
    setup,
    ufrag: random.text(ICE, 4, 32),
    pwd: random.text(ICE, 22, 64),
    fingerprint: random.bytes(32),
    sctpPort: random.between(1, 65_535),
    maxMessageSize: random.below(2 ** 32),
  };
}

export function randomCandidate(random: Random): Candidate {
  const kind: AddressKind = random.pick(['ipv4', 'ipv6', 'mdns']);
  let address = random.bytes(kind === 'ipv4' ? 4 : 16);
  while (!isReachable(kind, address)) address = random.bytes(address.length);
  return {
    type: random.pick(['host', 'srflx', 'relay']),
    protocol: random.pick(['udp', 'tcp-active', 'tcp-passive']),
    priority: random.below(2 ** 32),
    kind,
    address,
    port: random.between(1, 65_535),
    foundation: random.text(ICE, 1, 32),
  };
}

export function randomRef(random: Random): EntryRef {
  return {
    author: random.bytes(32),
    device: random.bytes(8),
    seq: random.pick([1, 2, 2 ** 32 - 1, random.between(1, 2 ** 31)]),
  };
}

/** Text of at most `maxBytes` of UTF-8. */
export function randomText(random: Random, maxBytes: number): string {
  const text = random.text(TEXT, 0, Math.min(maxBytes, 60)).toWellFormed();
  return utf8(text).length <= maxBytes ? text : '';
}

export function randomBody(random: Random): EntryBody {
  switch (random.below(7)) {
    case 0: {
      const replyTo = random.pick([null, randomRef(random)]);
      const file = random.pick([{}, { file: randomFile(random) }]);
      return { kind: 'text', text: randomText(random, 16_000), replyTo, ...file };
    }
    case 1: {
      const relays = Array.from({ length: random.below(6) }, () => randomText(random, 256));
      return { kind: 'profile', name: randomText(random, 64), relays };
    }
    case 2:
      return { kind: 'edit', target: randomPlace(random), text: randomText(random, 16_000) };
    case 3:
      return { kind: 'delete', target: randomPlace(random) };
    case 4: {
      const isSet = random.pick([true, false]);
      return { kind: 'react', target: randomRef(random), isSet, emoji: random.pick(['a', '👍🏽']) };
    }
    case 5:
      return { kind: 'read', upTo: randomRef(random) };
    default: {
      const code = random.pick([0, 8, 64, 255]);
      return { kind: 'unknown', code, bytes: random.bytes(random.below(80)) };
    }
  }
}

function randomFile(random: Random): FileFacts {
  const [name, type] = [randomText(random, 255), random.pick(['', 'image/png'])];
  return { size: random.u53(), root: random.bytes(32), name, type };
}

function randomPlace(random: Random): EntryPlace {
  const { device, seq } = randomRef(random);
  return { device, seq };
}

export function randomEntry(random: Random): Entry {
  return {
    conversation: random.bytes(16),
    ...randomRef(random),
    after: random.u53(),
    time: random.u53(),
    body: randomBody(random),
    tag: random.bytes(16),
  };
}
