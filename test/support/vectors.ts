/** The files of test/vectors, typed; see the README there for where each comes from. */

import { readFileSync } from 'node:fs';
import { type Bytes, fromHex } from '../../sdk/base/bytes.js';

function read<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
}

export interface PimVectors {
  keys: {
    name: 'A' | 'B';
    seed: string;
    ed25519_pk: string;
    address: string;
    x25519_sk_clamped: string;
    x25519_pk: string;
  }[];
  low: 'A' | 'B';
  address: { valid: string[]; invalid: { why: string; s: string }[] };
  relay_auth: Record<
    | 'origin'
    | 'nonce_s'
    | 'nonce_c'
    | 'dev'
    | 'signed_bytes'
    | 'sig'
    | 'auth_frame'
    | 'wrong_origin_sig_for_reject',
    string
  >;
  turn: Record<'secret' | 'opaque' | 'username' | 'password' | 'frame', string> &
    Record<'expires_s' | 'lifetime_s', number> & { urls: string[] };
  invitation: Record<'id' | 'signed_bytes' | 'token', string> & Record<'expires' | 'uses', number>;
  session: Record<
    | 'dev_low'
    | 'dev_high'
    | 'nonce_low'
    | 'nonce_high'
    | 'sid'
    | 'knock_from_low'
    | 'hello_from_high'
    | 'offer_from_low'
    | 'answer_from_high'
    | 'cand_from_low'
    | 'fp_low'
    | 'fp_high',
    string
  >;
  seal: Record<
    | 'suite'
    | 'info'
    | 'aad'
    | 'ephemeral_sk'
    | 'recipient_x25519_pk'
    | 'plaintext'
    | 'shared_secret'
    | 'key'
    | 'base_nonce'
    | 'sealed',
    string
  >;
  confirm: Record<'r_low' | 'r_high' | 'transcript_hash' | 'c1_low' | 'c2_low' | 'c2_high', string>;
  entry_tag: { name: 'A' | 'B'; shared: string; key: string }[];
  conversation: {
    id: string;
    log_a: string;
    log_b: string;
    entries: EntryVector[];
    frames: Record<
      'have' | 'entry_of_b2' | 'ack_of_a' | 'lack_of_a3' | 'typing' | 'not_typing',
      string
    > & {
      have_clock: number;
    };
  };
  file: {
    size: number;
    list: string;
    root: string;
    empty_root: string;
    entry: PlaceVector & {
      after: number;
      time: number;
      name: string;
      type: string;
      answers: PlaceVector;
      text: string;
      tag: string;
      bytes: string;
    };
    get_channel: number;
    get_from: number;
    words: Record<
      'ready' | 'get' | 'paused' | 'declined' | 'cancelled' | 'missing' | 'done' | 'busy',
      string
    >;
    stored_2: string;
  };
  safety_number: string;
}

interface PlaceVector {
  author?: 'A' | 'B';
  log: string;
  seq: number;
}

export type EntryVector = PlaceVector & { author: 'A' | 'B'; after: number; time: number } & {
  tag: string;
  bytes: string;
} & (
    | { kind: 'text'; text: string; answers?: PlaceVector }
    | { kind: 'edit'; target: PlaceVector; text: string }
    | { kind: 'delete'; target: PlaceVector }
    | { kind: 'react'; target: PlaceVector; set: boolean; emoji: string }
    | { kind: 'read'; upTo: PlaceVector }
    | { kind: 'profile'; name: string; relays: string[] }
    | { kind: 'nothing' }
    | { kind: 'unknown'; code: number; body: string }
  );

export const pim = read<PimVectors>('pim-1');

export const rfc8032 = read<{
  cases: { name: string; seed: string; pk: string; msg: string; sig: string }[];
}>('rfc8032').cases;

export const smallOrder = read<{ points: string[] }>('ed25519-small-order').points;

export const speccheck = read<{
  cases: { number: number; message: string; pk: string; sig: string; valid: boolean }[];
}>('ed25519-speccheck').cases;

/** The public keys of the two people in `pim`; A's is the lower one. */
export const keyA: Bytes = fromHex(pim.keys[0]!.ed25519_pk);
export const keyB: Bytes = fromHex(pim.keys[1]!.ed25519_pk);
