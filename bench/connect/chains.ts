/**
 * The critical paths: what has to have happened, one after the other, before a message is shown.
 * Names are those of pages/trace.ts.
 */

import type { ContestantName } from './contestants.js';
import type { SenderRole, Visit } from './sample.js';

export interface Milestone {
  readonly label: string;
  readonly side: 'sender' | 'answerer';
  readonly step: string;
  readonly edge: 'start' | 'end';
}

export interface Chain {
  readonly contestant: ContestantName;
  readonly visit: Visit;
  readonly role: SenderRole | null;
  readonly chain: readonly Milestone[];
}

/** `A` is the sender, `B` the answerer; `<` notes the beginning of a step, `>` its end. */
function milestone(line: string): Milestone {
  const [, who, edge, step = '', label = ''] = /^([AB])([<>]) (.+?) : (.+)$/.exec(line) ?? [];
  const side = who === 'A' ? 'sender' : 'answerer';
  return { label: `${who} ${label}`, side, step, edge: edge === '>' ? 'end' : 'start' };
}

const chain = (...lines: string[]): Milestone[] => lines.map(milestone);

const PAGE = ['A< inline script : first inline script', 'A< fetched : bundle fetched'];

const START = [
  ...PAGE,
  'A< evaluated : bundle evaluated, Pim made, start() called',
  'A> storage open : database open',
  'A> storage readonly meta : settings and identity record read',
  'A< socket new : identity and chat loaded, relay dialled',
];

const ONLINE = [
  'A< socket open : socket open',
  'A< socket in CHAL : challenge here',
  'A< socket out AUTH : challenge signed',
  'A< socket in OK : logged in',
];

/** From the lower key's OFFER to both descriptions known. `low` and `high` are A and B or B and A. */
const described = (low: 'A' | 'B', high: 'A' | 'B'): string[] => [
  `${low}< rtc new : session id, connection being made`,
  `${low}> rtc setLocal : connection made, description set`,
  `${low}< crypto sign OFFER : OFFER being signed`,
  `${low}< socket out SEND : OFFER signed and sealed`,
  `${high}< socket in RECV : OFFER arrived`,
  `${high}< log signal: offer : OFFER opened and verified`,
  `${high}< rtc new : connection being made`,
  `${high}> rtc setRemote : connection made, OFFER set`,
  `${high}> rtc setLocal : description set`,
  `${high}< crypto sign ANSWER : ANSWER being signed`,
  `${high}< socket out SEND : ANSWER signed and sealed`,
  `${low}< socket in RECV : ANSWER arrived`,
  `${low}< log signal: answer : ANSWER opened and verified`,
  `${low}> rtc setRemote : ANSWER set`,
];

const CHANNEL = [
  'A< channel open : ICE, DTLS, SCTP: channel open',
  'A< channel in C1 : their C1',
  'A< channel in C2 : their C2',
  'A< channel out HAVE : C2 verified, HAVE sent',
  'A< channel in HAVE : their HAVE',
  'A< channel out ENTRY : message sent',
  'B< channel in ENTRY : message arrived',
];

const SHOWN = 'B< shown : stored and shown';
const STORED = 'B> storage readwrite entries+logs+conversations : stored';

const KNOCK = [
  'A< crypto sign KNOCK : KNOCK being signed',
  'A< socket out SEND : KNOCK signed and sealed',
  'B< socket in RECV : KNOCK arrived',
  'B< log signal: knock : KNOCK opened and verified',
];

const HELLO = [
  'B< socket out SEND : HELLO signed and sealed',
  'A< socket in RECV : HELLO arrived',
  'A< log signal: hello : HELLO opened and verified',
];

const INVITE = [
  'A< crypto sign INVITE : INVITE being signed',
  'A< socket out SEND : INVITE signed and sealed',
  'B< log signal: invite : INVITE arrived, opened, verified',
  'B< crypto sign ACCEPT : request stored, accepted, ACCEPT being signed',
];

const WELCOME = ['A< log signal: accept : ACCEPT sealed, arrived, opened, verified'];
const KNOCKED = ['A< log signal: knock : their KNOCK opened and verified'];
const ASKED = ['A< crypto sign KNOCK : KNOCK being signed', 'B< log signal: knock : KNOCK there'];

const BARE = [
  ...PAGE,
  'A< evaluated : bundle evaluated',
  'A> rtc new : connection made',
  'A> rtc setLocal : description set',
  'A< socket open : socket open',
  'B< socket in text : offer arrived',
  'B> rtc setRemote : offer set',
  'B> rtc setLocal : description set',
  'A< socket in text : answer arrived',
  'A> rtc setRemote : answer set',
  'A< channel open : ICE, DTLS, SCTP: channel open',
  'A< channel out text : message sent',
  'B< shown : shown',
];

export const CHAINS: readonly Chain[] = [
  { contestant: 'bare', visit: 'later', role: null, chain: chain(...BARE) },
  {
    contestant: 'pim',
    visit: 'later',
    role: 'low',
    chain: chain(
      ...START,
      ...ONLINE,
      ...KNOCK,
      ...HELLO,
      ...described('A', 'B'),
      ...CHANNEL,
      STORED,
      SHOWN,
    ),
  },
  {
    contestant: 'pim',
    visit: 'later',
    role: 'high',
    chain: chain(...START, ...ONLINE, ...KNOCK, ...described('B', 'A'), ...CHANNEL, STORED, SHOWN),
  },
  {
    contestant: 'pim',
    visit: 'first',
    role: 'low',
    chain: chain(
      ...START,
      ...ONLINE,
      ...INVITE,
      ...WELCOME,
      ...KNOCKED,
      ...described('A', 'B'),
      ...CHANNEL,
      SHOWN,
    ),
  },
  {
    contestant: 'pim',
    visit: 'first',
    role: 'high',
    chain: chain(
      ...START,
      ...ONLINE,
      ...INVITE,
      ...WELCOME,
      ...ASKED,
      ...described('B', 'A'),
      ...CHANNEL,
      SHOWN,
    ),
  },
];
