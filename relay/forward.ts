/**
 * From a SEND to the sockets of its recipient. The only place where an envelope could be changed,
 * kept or sent elsewhere; an honest relay does none of it.
 */

import type { Bytes } from '../sdk/base/bytes.js';
import { encodeRelayFrame } from '../sdk/protocol/relay-frames.js';
import type { Arrive, Cluster } from './cluster/cluster.js';
import type { Counters } from './counters.js';
import { keyName, keyOf, receiveOf, sealedOf } from './envelope.js';
import type { Delivery, Router } from './router.js';

/** An envelope as a hostile relay sees it. */
export interface Envelope {
  readonly from: Bytes;
  readonly to: Bytes;
  readonly sealed: Bytes;
}

/** What a hostile relay hands on. */
export type Forwarded = Pick<Envelope, 'to' | 'sealed'>;

/**
 * Decides what becomes of an envelope: any number of others, at once by returning them, or at any
 * later time through `deliver`.
 */
export type Tamper = (
  envelope: Envelope,
  deliver: (forwarded: Forwarded) => void,
) => readonly Forwarded[];

/** @param send a well-formed SEND; `from` and `to` are names of keys */
export type Forward = (from: string, to: string, send: Buffer, now: number) => void;

const OUTCOMES = {
  delivered: 'delivered',
  nobody: 'nobody',
  limited: 'recipientLimited',
} as const satisfies Record<Delivery, string>;

/**
 * Delivered here and, where there are other relays, published for sockets there, unless the
 * recipient's rate is used up.
 */
export function honestForward(
  router: Router,
  counters: Counters,
  cluster: Pick<Cluster, 'publish'> | null = null,
): Forward {
  return (_from, to, send, now) => {
    const frame = receiveOf(send);
    const outcome = router.deliver(to, frame, now);
    counters.add(OUTCOMES[outcome]);
    if (cluster !== null && outcome !== 'limited') cluster.publish(to, frame, now);
  };
}

/** What another relay published for a key that is connected here. */
export function arriveAt(router: Router, counters: Counters, monotonic: () => number): Arrive {
  return (key, frame) => counters.add(OUTCOMES[router.deliver(key, frame, monotonic())]);
}

/** For a hostile relay (hostility.ts): it does with envelopes what `tamper` says. */
export function hostileForward(
  router: Router,
  counters: Counters,
  tamper: Tamper,
  monotonic: () => number,
): Forward {
  const deliver = ({ to, sealed }: Forwarded) => {
    const frame = encodeRelayFrame({ kind: 'receive', sealed });
    counters.add(OUTCOMES[router.deliver(keyName(to), frame, monotonic())]);
  };
  return (from, to, send) => {
    const envelope = { from: keyOf(from), to: keyOf(to), sealed: sealedOf(send) };
    for (const each of tamper(envelope, deliver)) deliver(each);
  };
}
