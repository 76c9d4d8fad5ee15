/**
 * Every attack a relay can try, in words for people: the one list from which the command line, the
 * demo page and docs/evil-relay.md take them.
 */

/** A frame of a relay's: its challenge, our proof, its OK, an envelope that was forwarded. */
export type Step = 'challenge' | 'auth' | 'ok' | 'envelope';

export interface Attack {
  /** A few words, as a choice on a page. */
  readonly title: string;
  /** What the relay tries, and why nothing comes of it, in one sentence each. */
  readonly tries: string;
  readonly fails: string;
  /** Steps it can be aimed at; the first is where it strikes unless told otherwise. */
  readonly steps: readonly Step[];
  /** A number it takes: its default, the most it may be, and what it counts. */
  readonly amount?: { readonly usual: number; readonly most: number; readonly unit: string };
  /** Worth a visitor's time on the demo page. */
  readonly isShown?: true;
}

const ANY_STEP = ['envelope', 'challenge', 'auth', 'ok'] as const;
const ENVELOPES = ['envelope'] as const;
const FIRST_WORD = ['challenge', 'ok', 'envelope'] as const;
const LOGIN = ['auth'] as const;

export const ATTACKS = {
  drop: {
    title: 'Loses everything',
    tries: 'It takes every envelope and hands on none.',
    fails: 'There is no connection, and nothing that it could pass off as one.',
    steps: ANY_STEP,
    isShown: true,
  },
  silent: {
    title: 'Says nothing more',
    tries: 'It accepts everybody and then never says another word.',
    fails: 'A line that stays silent is given up, and another relay is enough.',
    steps: ['envelope'],
  },
  halve: {
    title: 'Loses every other envelope',
    tries: 'It hands on every second envelope only.',
    fails: 'Each attempt is made anew, and one that gets through is enough.',
    steps: ENVELOPES,
  },
  delay: {
    title: 'Delays everything',
    tries: 'It hands everything on too late.',
    fails: 'An old answer fits no new question; a short delay is waited for.',
    steps: ANY_STEP,
    amount: { usual: 30_000, most: 600_000, unit: 'ms' },
  },
  duplicate: {
    title: 'Repeats everything',
    tries: 'It delivers every envelope five times.',
    fails: 'Each counts once, and each message is shown once.',
    steps: ANY_STEP,
    amount: { usual: 5, most: 50, unit: 'copies' },
    isShown: true,
  },
  reorder: {
    title: 'Shuffles everything',
    tries: 'It delivers envelopes in another order than they were sent.',
    fails: 'Whatever comes early waits for what it belongs to.',
    steps: ENVELOPES,
  },
  replay: {
    title: 'Plays old envelopes again',
    tries: 'It keeps what passed and delivers it again, days later or at once.',
    fails: 'Each attempt carries a fresh number of the recipient’s, which no old envelope has.',
    steps: ENVELOPES,
    isShown: true,
  },
  tamper: {
    title: 'Alters what passes',
    tries: 'It changes one byte of every envelope.',
    fails: 'Every byte is sealed and signed: what was changed does not open, and it is said so.',
    steps: ANY_STEP,
    isShown: true,
  },
  garbage: {
    title: 'Sends noise instead',
    tries: 'It sends random bytes in the place of what it should say.',
    fails: 'Noise follows no layout and opens with no key, so it is counted and dropped.',
    steps: ['envelope', 'challenge', 'ok'],
  },
  'swap-recipient': {
    title: 'Delivers to somebody else',
    tries: 'It hands what is for one person to another.',
    fails: 'Only the person it is sealed for can open it, and who it is for stands in it, signed.',
    steps: ENVELOPES,
    isShown: true,
  },
  reflect: {
    title: 'Sends you back to yourself',
    tries: 'It returns every envelope to whoever sent it.',
    fails: 'An envelope is sealed for the other person, so one’s own cannot even be opened.',
    steps: ENVELOPES,
    isShown: true,
  },
  impersonate: {
    title: 'Pretends to be the other person',
    tries: 'It writes envelopes of its own that claim to come from the other person.',
    fails: 'It does not have their key, so its signature is not theirs.',
    steps: ENVELOPES,
    isShown: true,
  },
  strangers: {
    title: 'Sends many requests to talk',
    tries: 'It makes up people, and each of them asks to talk.',
    fails: 'A request is answered by nobody but you, and only so many a minute are even looked at.',
    steps: ENVELOPES,
    amount: { usual: 100, most: 1_000, unit: 'requests to each person' },
  },
  'skip-auth': {
    title: 'Lets anybody in as you',
    tries: 'It checks no login and hands your envelopes to everybody who is there.',
    fails: 'Whoever poses as you receives envelopes that only you can open.',
    steps: LOGIN,
    isShown: true,
  },
  'forward-challenge': {
    title: 'Uses your login elsewhere',
    tries: 'It shows you the challenge of another relay, to log in there as you.',
    fails: 'Your proof names the relay you dialled, so the other one refuses it.',
    steps: LOGIN,
    isShown: true,
  },
  'same-challenge': {
    title: 'Asks the same thing each time',
    tries: 'It asks everybody for the same proof, again and again.',
    fails: 'A proof counts at this relay alone, which could let anybody in without one.',
    steps: ['challenge'],
  },
  'ok-before-auth': {
    title: 'Welcomes you unasked',
    tries: 'It says that the login went well before there was any.',
    fails: 'A frame that is out of turn ends the line.',
    steps: ['challenge'],
  },
  refuse: {
    title: 'Turns everybody away',
    tries: 'It refuses every proof.',
    fails: 'There is no connection by this relay; it is asked again after minutes.',
    steps: LOGIN,
  },
  version: {
    title: 'Speaks another version',
    tries: 'It says that it speaks another version of the protocol.',
    fails: 'There is no older version that a client could be talked into.',
    steps: ['challenge'],
  },
  'wrong-clock': {
    title: 'Lies about the time',
    tries: 'It says that it is ten years later.',
    fails: 'Nobody compares clocks.',
    steps: ['challenge'],
  },
  text: {
    title: 'Sends text',
    tries: 'It sends JSON where bytes should be.',
    fails: 'No text is ever read; the line ends.',
    steps: FIRST_WORD,
  },
  oversize: {
    title: 'Sends far too much at once',
    tries: 'It sends one frame of ten megabytes.',
    fails: 'A frame beyond 8,704 bytes is not read, and the line ends.',
    steps: FIRST_WORD,
  },
  fragments: {
    title: 'Sends a frame in crumbs',
    tries: 'It sends one message in 16,000 pieces of one byte.',
    fails: 'The browser puts them together, and what comes out is too large to be read.',
    steps: ['challenge'],
  },
  malformed: {
    title: 'Breaks the WebSocket itself',
    tries: 'It sends a frame that no WebSocket may send.',
    fails: 'The browser ends the line before anything of ours sees it.',
    steps: ['challenge'],
  },
  subprotocol: {
    title: 'Talks you into another protocol',
    tries: 'It agrees to a protocol that nobody asked for.',
    fails: 'The browser refuses the connection.',
    steps: ['challenge'],
  },
  redirect: {
    title: 'Sends you elsewhere',
    tries: 'It answers the connection with a redirect to another server.',
    fails: 'No redirect is followed, so nothing is ever told to the other server.',
    steps: ['challenge'],
  },
  'close-at-once': {
    title: 'Hangs up each time',
    tries: 'It ends every line as soon as it is open.',
    fails: 'It is dialled ever more rarely, so that no storm comes of it.',
    steps: ['challenge', 'ok', 'envelope'],
  },
  slow: {
    title: 'Answers a byte at a time',
    tries: 'It sends everything one byte after the other, slowly.',
    fails: 'A login has ten seconds; after that the line is given up.',
    steps: ['challenge'],
    amount: { usual: 1_000, most: 60_000, unit: 'ms a byte' },
  },
  deaf: {
    title: 'Stops listening',
    tries: 'It stops reading, so that what one sends piles up.',
    fails: 'Only so much is kept for it; then it is given up.',
    steps: ['ok'],
  },
  flood: {
    title: 'Floods you',
    tries: 'It sends thousands of envelopes, noise and some that can even be opened.',
    fails: 'Only so many a second are looked at, and other relays keep their share.',
    steps: ['ok'],
    isShown: true,
  },
  pings: {
    title: 'Pings without end',
    tries: 'It sends 20,000 WebSocket pings.',
    fails: 'The browser answers them by itself or hangs up, and nothing of ours is woken.',
    steps: ['ok'],
    amount: { usual: 20_000, most: 1_000_000, unit: 'pings' },
  },
  'bad-turn': {
    title: 'Offers servers that are none',
    tries: 'It offers TURN servers that do not exist, some written so as to upset the browser.',
    fails: 'What is not written plainly is left out, and what does not answer is not used.',
    steps: ['ok'],
  },
  answers: {
    title: 'Answers what nobody asked',
    tries: 'It sends results of frames that were never sent.',
    fails: 'No answer of a relay says anything about a person, so there is nothing to believe.',
    steps: ['ok'],
  },
} as const satisfies Readonly<Record<string, Attack>>;

export type AttackName = keyof typeof ATTACKS;

export const ATTACK_NAMES = Object.keys(ATTACKS) as readonly AttackName[];

export function attackOf(name: AttackName): Attack {
  return ATTACKS[name];
}
