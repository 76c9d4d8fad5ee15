/**
 * Every state of the widget worth looking at, each set up on an SDK in memory.
 */

import { finding } from '../../../sdk/diagnosis/finding.js';
import { type Diagnosis, PimError } from '../../../sdk/index.js';
import type { PimChat } from '../../../widget/define.js';
import { ADA, type FakePim, GRACE, LIN, NOOR, OTHER, SAM, STRANGER } from '../fake-pim.js';
import {
  acts,
  choose,
  click,
  item,
  menuOf,
  over,
  press,
  scrollTo,
  settled,
  typeInto,
} from './acts.js';
import { lockScenes } from './lock-scenes.js';
import { picture } from './picture.js';
import type { Scene } from './scene.js';

const MINUTE = 60_000;
const now = Date.now();
const at = (minutesAgo: number): number => now - minutesAgo * MINUTE;

const RELAY = 'wss://relay.example';
const bubble = { to: ADA, open: '' };

async function started(pim: FakePim): Promise<void> {
  await pim.start();
  pim.relay(RELAY, { state: 'online' });
}

function talk(pim: FakePim, peer: string): void {
  const day = 24 * 60;
  pim.write(peer, 'Hello! I read your piece on mechanical looms, twice.', {
    time: at(day + 50),
    mine: true,
  });
  pim.write(peer, 'Oh, thank you. Which part did you read twice?', { time: at(day + 42) });
  pim.write(
    peer,
    'The one about punched cards. We keep three of them in the workshop, from 1841.',
    {
      time: at(day + 40),
      mine: true,
    },
  );
  pim.write(peer, '🎉', { time: at(day + 38) });
  pim.write(peer, 'Then you are nearer to it than I am', { time: at(12) });
  pim.write(
    peer,
    'Could you send me a photograph of one? I only know the drawings at https://looms.example/cards (and they are not good).',
    {
      time: at(11),
    },
  );
  pim.write(peer, 'Of course, I will take one tomorrow in daylight.', { time: at(3), mine: true });
  pim.write(peer, 'And the box they came in.', { time: at(2), mine: true });
}

async function chatting(pim: FakePim): Promise<void> {
  await started(pim);
  pim.meet(ADA, { name: 'Ada Lovelace', profileName: 'Ada' });
  talk(pim, ADA);
  pim.connect(ADA, { state: 'connected', route: 'direct', lastHeard: now });
  await pim.conversations.markRead(ADA);
}

const sized = (name: string, size: number, type = ''): File =>
  new File([new Uint8Array(size)], name, { type });

async function sharing(pim: FakePim): Promise<void> {
  await chatting(pim);
  pim.file(ADA, await picture(), { state: 'done', isHere: true }, { mine: true, time: at(2) });
  pim.write(ADA, 'What a thing. The drawings are all wrong, then.', { time: at(1) });
  const drawings = sized('drawings of the loom.pdf', 4_800_000, 'application/pdf');
  pim.file(ADA, drawings, {}, { time: at(1) });
  const film = sized('loom at work.mov', 8_000_000);
  const half = { state: 'running', bytes: 4_900_000 } as const;
  pim.file(ADA, film, half, { mine: true, time: at(0) });
  await pim.conversations.markRead(ADA);
}

async function sharingMore(pim: FakePim): Promise<void> {
  await started(pim);
  pim.meet(ADA, { name: 'Ada Lovelace' });
  pim.connect(ADA, { state: 'connected', route: 'direct', lastHeard: now });
  const long = `${'a name that does not end '.repeat(6)}.tar.gz`;
  pim.file(ADA, sized(long, 900), { state: 'done', isHere: true, bytes: 900 });
  pim.file(ADA, sized('a.zip', 40_000), { state: 'paused', by: 'me', bytes: 10_000 });
  const fault = new PimError('file/altered', '', null);
  pim.file(ADA, sized('b.zip', 40_000), { state: 'failed', reason: fault });
  pim.file(ADA, sized('c.zip', 40_000), { state: 'declined', by: 'me' });
  const mine = { mine: true } as const;
  pim.file(ADA, sized('d.mov', 9_000_000), { state: 'missing', bytes: 2_000_000 }, mine);
  pim.file(ADA, sized('e.mov', 9_000_000), { state: 'declined', by: 'them' }, mine);
  await pim.conversations.markRead(ADA);
}

async function look(chat: PimChat): Promise<void> {
  await settled();
  await new Promise((resolve) => setTimeout(resolve, 500));
  chat.shadowRoot?.querySelector<HTMLElement>('.picture')?.click();
  await new Promise((resolve) => setTimeout(resolve, 300));
}

async function inbox(pim: FakePim): Promise<void> {
  await chatting(pim);
  pim.name = 'Charles';
  pim.meet(GRACE, { name: 'Grace Hopper' });
  pim.write(GRACE, 'The moth is taped into the logbook, page 92.', { time: at(55) });
  pim.write(GRACE, 'You have to see it', { time: at(54) });
  pim.meet(LIN, { name: '林徽因' });
  pim.write(LIN, '明天見', { time: at(60 * 26), mine: true });
  pim.meet(NOOR, { name: 'نور' });
  pim.write(NOOR, 'شكرا جزيلا، أراك غدا', { time: at(60 * 50) });
  await pim.conversations.markRead(NOOR);
  pim.meet(SAM, {});
  pim.write(SAM, 'Are you the one with the looms?', { time: at(60 * 24 * 9) });
  await pim.conversations.markRead(SAM);
}

async function withRequest(pim: FakePim): Promise<void> {
  await inbox(pim);
  pim.knock(STRANGER, {
    name: 'Mary Somerville',
    text: 'Good morning. Ada gave me your link: may I ask you about the difference engine?',
    receivedAt: at(6),
    invite: 'workshop page',
  });
}

const TURN = 'turn:turn.example:3478';
const FINDINGS: Diagnosis['findings'] = [
  finding('relay/good', { latencyMs: 38, isEncrypted: true }, RELAY),
  finding('relay/unreachable', null, 'wss://relay.other.example'),
  finding('stun/silent', null, 'stun:stun.example:3478'),
  finding('turn/good', { latencyMs: 64 }, `${TURN}?transport=udp`),
  finding('turn/refused', { errorCode: 401 }, `${TURN}?transport=tcp`),
  finding('clock/wrong', { aheadMs: 11 * MINUTE }),
  finding('storage/evictable', { isPersisted: false, usedBytes: 1, quotaBytes: null }),
  finding('platform/good', null),
];

const toSettings = click('.side .actions button:nth-of-type(3)');

const diagnosed = acts(toSettings, choose('Check the connection'));

/** What people send to break the one who reads. */
const HOSTILE = [
  'x'.repeat(1_000_000),
  `\u202Egnp.exe \u2066 ${'\u202E'.repeat(1_000)}`,
  `Z${'\u0300\u0489'.repeat(2_000)}`,
  '<img src=x onerror=alert(1)><svg onload=alert(2)><script>alert(3)</script>',
  'javascript:alert(4) and data:text/html,<script>alert(5)</script> and JaVaScRiPt:alert(6)',
  'https://bank.example@evil.example and https://x.example/\u202Egpj.exe',
  '👨‍👩‍👧‍👦'.repeat(2_000),
  '\n'.repeat(5_000),
  'W'.repeat(20_000),
];

/** Everything that can become of messages. */
async function lively(pim: FakePim): Promise<void> {
  await chatting(pim);
  const me = pim.me;
  const ask = pim.write(
    ADA,
    'Can we do **Tuesday**, in the *small* hall? The key is `loom-1841`.',
    {
      time: at(30),
      reactions: [
        { emoji: '👍', from: [me] },
        { emoji: '🎉', from: [ADA, me] },
      ],
    },
  );
  pim.write(ADA, 'Tuesday is good. I bring the box.', {
    time: at(25),
    mine: true,
    replyTo: ask.id,
    editedAt: at(20),
    status: 'read',
    reactions: [{ emoji: '❤️', from: [ADA] }],
  });
  pim.write(ADA, '', { time: at(20), deleted: true });
  pim.write(ADA, '```\ncards = 1841\nprint(cards + 1)\n```', { time: at(10) });
  pim.write(ADA, '🧵🪡', { time: at(9) });
  await pim.conversations.markRead(ADA);
}

const wide = { size: 'wide', attributes: { mode: 'page' } } as const;

export const SCENES: Readonly<Record<string, Scene>> = {
  closed: { attributes: { to: ADA }, prepare: chatting },
  unread: {
    attributes: { to: ADA },
    prepare: async (pim) => {
      await chatting(pim);
      pim.write(ADA, 'Did it arrive?');
      pim.write(ADA, 'The box, I mean.');
    },
  },
  conversation: { attributes: bubble, prepare: chatting },
  files: { attributes: bubble, prepare: sharing },
  'files-phone': { size: 'small', attributes: bubble, prepare: sharing },
  'files-rtl': { lang: 'ar', attributes: bubble, prepare: sharing },
  'files-more': { attributes: bubble, prepare: sharingMore },
  'files-large': { attributes: bubble, prepare: sharing, act: (chat) => look(chat) },
  'conversation-phone': { size: 'small', attributes: bubble, prepare: chatting },
  first: {
    attributes: { ...bubble, greeting: 'Hi, I am Ada. Ask me anything about engines!' },
    prepare: started,
  },
  empty: {
    attributes: bubble,
    prepare: async (pim) => {
      await started(pim);
      pim.meet(ADA, { name: 'Ada Lovelace' });
      pim.connect(ADA, { state: 'connected', route: 'direct' });
    },
  },
  'first-phone': { size: 'small', attributes: bubble, prepare: started },
  requested: {
    attributes: bubble,
    prepare: async (pim) => {
      await started(pim);
      pim.meet(ADA, { status: 'requested' });
      pim.write(ADA, 'Hello Ada, may I ask you something about the engine?', {
        mine: true,
        status: 'waiting',
        time: at(1),
      });
    },
  },
  away: {
    attributes: bubble,
    prepare: async (pim) => {
      await chatting(pim);
      pim.write(ADA, 'One more thing: which paper do you print on?', {
        mine: true,
        status: 'waiting',
        time: at(0),
      });
      pim.connect(ADA, {
        state: 'offline',
        reason: new PimError('peer/offline', '', null),
        lastHeard: at(40),
      });
    },
  },
  'no-route': {
    attributes: bubble,
    prepare: async (pim) => {
      await chatting(pim);
      pim.connect(ADA, { state: 'offline', reason: new PimError('peer/no-route', '', null) });
    },
  },
  'no-relay': {
    attributes: bubble,
    prepare: async (pim) => {
      await chatting(pim);
      pim.connect(ADA, { state: 'offline' });
      pim.relay(RELAY, {
        state: 'waiting',
        reason: new PimError('relay/unreachable', '', { url: RELAY }),
      });
    },
  },
  memory: {
    attributes: bubble,
    prepare: async (pim) => {
      pim.isPersistent = false;
      await started(pim);
    },
  },
  elsewhere: {
    attributes: bubble,
    prepare: (pim) => {
      pim.refuse.start = new PimError('pim/elsewhere', '', null);
    },
  },
  unsupported: {
    attributes: bubble,
    prepare: (pim) => {
      pim.refuse.start = new PimError('platform/unsupported', '', { missing: 'WebRTC' });
    },
  },
  'invalid-address': { attributes: { to: `${ADA.slice(0, -1)}x`, open: '' }, prepare: started },
  own: { attributes: { to: OTHER, open: '' }, prepare: started },
  'long-names': {
    attributes: { open: '' },
    prepare: async (pim) => {
      await started(pim);
      pim.meet(ADA, {
        name: 'Augusta Ada King-Noel, Countess of Lovelace, née Byron, of Ockham Park',
      });
      pim.write(
        ADA,
        'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(
          3,
        ),
      );
      pim.write(ADA, 'Z̸̡͔̗̖̺̈́̐̈́͗̿͑a̷̡̧̛̙͚̱̝̋̽̔͜l̶̨̗̻̪̩̆̾̓͋̈́g̴̨̛̮̲͉̹̈́̃̔̐o̶̢̡̨͚͙̗͐̈́̓͊̕', { mine: true });
    },
    act: click('.rows .row'),
  },
  hostile: {
    attributes: { open: '' },
    prepare: async (pim) => {
      await started(pim);
      pim.meet(ADA, { name: 'A\u202E'.repeat(5_000) });
      for (const text of HOSTILE) {
        pim.write(ADA, text, { time: at(20) });
        pim.write(ADA, text, { time: at(10), mine: true });
      }
    },
    act: click('.rows .row'),
  },
  rtl: {
    lang: 'ar',
    attributes: bubble,
    prepare: async (pim) => {
      await started(pim);
      pim.meet(ADA, { name: 'آدا لوفليس' });
      pim.write(ADA, 'مرحبا! هل قرأت المقال؟', { time: at(10) });
      pim.write(ADA, 'نعم، مرتين. The English part too.', { time: at(9), mine: true });
      pim.write(ADA, 'See https://looms.example', { time: at(8), mine: true });
      pim.connect(ADA, { state: 'connected', route: 'direct' });
    },
  },
  'inbox-bubble': { attributes: { open: '' }, prepare: withRequest },
  'inbox-empty': { attributes: { open: '' }, prepare: started },
  'inbox-page': { ...wide, prepare: withRequest, act: click('.scroll > .rows .row') },
  'request-page': { ...wide, prepare: withRequest, act: click('.requests .row') },
  'request-phone': {
    size: 'small',
    attributes: { mode: 'page' },
    prepare: withRequest,
    act: click('.requests .row'),
  },
  'inbox-phone': { size: 'small', attributes: { mode: 'page' }, prepare: withRequest },
  me: {
    attributes: { open: '' },
    prepare: inbox,
    act: click('.side .actions button:nth-of-type(2)'),
  },
  settings: { attributes: { open: '' }, prepare: inbox, act: toSettings },
  erase: {
    attributes: { open: '' },
    prepare: inbox,
    act: acts(toSettings, click('.last .button'), scrollTo('.last')),
  },
  kept: { ...wide, prepare: inbox, act: acts(toSettings, scrollTo('.kept')) },
  'kept-rtl': { ...wide, lang: 'ar', prepare: inbox, act: acts(toSettings, scrollTo('.kept')) },
  recovery: {
    ...wide,
    prepare: inbox,
    act: acts(toSettings, choose('Backup'), choose('Show the words')),
  },
  invitations: {
    size: 'wide',
    attributes: { mode: 'page' },
    prepare: async (pim) => {
      await inbox(pim);
      const { create } = pim.invitations;
      await create({ label: 'The conference in May', uses: 100 });
      await create({ label: 'My site', policy: 'accept' });
      pim.invited = pim.invited.map((each, n) =>
        n === 0
          ? { ...each, used: 12 }
          : { ...each, used: 41, state: 'paused', refused: 3, lastRefusal: 'paused' },
      );
    },
    act: async (chat) => {
      await click('.side .actions button:nth-of-type(2)')(chat);
      await settled();
      await click('.screen > .buttons .button')(chat);
      await settled();
      await click('.invitation-head')(chat);
    },
  },
  diagnosis: {
    size: 'wide',
    attributes: { mode: 'page' },
    prepare: async (pim) => {
      await inbox(pim);
      pim.findings = FINDINGS;
    },
    act: diagnosed,
  },
  'diagnosis-phone': {
    size: 'small',
    attributes: { mode: 'page' },
    prepare: async (pim) => {
      await inbox(pim);
      pim.findings = FINDINGS.filter(({ status }) => status === 'good');
    },
    act: diagnosed,
  },
  add: {
    attributes: { open: '' },
    prepare: inbox,
    act: async (chat) => {
      await click('.side .actions button:nth-of-type(1)')(chat);
      await settled();
      const field = chat.shadowRoot?.querySelector<HTMLTextAreaElement>('#add');
      if (!field) return;
      field.value = 'pim1qqz3uccwaxwh0xl3af04ag9q9l30vl3fh76u70r6jt0ekknzj62aquenhn5';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await settled();
      field.form?.requestSubmit();
    },
  },
  lively: { attributes: bubble, prepare: lively },
  'lively-phone': { size: 'small', attributes: bubble, prepare: lively },
  'lively-rtl': { lang: 'ar', attributes: bubble, prepare: lively },
  toolbar: { attributes: bubble, prepare: lively, act: over('Tuesday is good') },
  menu: { attributes: bubble, prepare: lively, act: menuOf('Tuesday is good') },
  'menu-theirs-rtl': { lang: 'ar', attributes: bubble, prepare: lively, act: menuOf('small hall') },
  sheet: { size: 'small', attributes: bubble, prepare: lively, act: press('Tuesday is good') },
  'delete-sure': {
    attributes: bubble,
    prepare: lively,
    act: acts(menuOf('Tuesday is good'), item(3)),
  },
  'reply-bar': {
    attributes: bubble,
    prepare: lively,
    act: acts(menuOf('small hall'), item(0), typeInto('textarea', 'Yes, and')),
  },
  'edit-bar': { attributes: bubble, prepare: lively, act: acts(menuOf('Tuesday is'), item(2)) },
  find: {
    attributes: bubble,
    prepare: lively,
    act: acts(settled, click('.header .icon-button'), typeInto('.find input', 'the'), settled),
  },
  'lively-long-names': {
    attributes: { open: '' },
    prepare: async (pim) => {
      await started(pim);
      const name = 'Augusta Ada King-Noel, Countess of Lovelace, née Byron, of Ockham Park';
      pim.meet(ADA, { name });
      const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerk'.repeat(2);
      const { id } = pim.write(ADA, long, {
        time: at(5),
        reactions: ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🧵'].map((emoji) => ({
          emoji,
          from: [ADA, OTHER],
        })),
      });
      pim.write(ADA, `**${long}**`, { time: at(4), mine: true, replyTo: id });
      pim.connect(ADA, { state: 'connected', route: 'direct' });
    },
    act: acts(click('.rows .row'), menuOf('Donau'), item(0)),
  },
  emoji: {
    attributes: bubble,
    prepare: lively,
    act: acts(settled, click('.in-field .icon-button'), typeInto('.emoji input', 'cat')),
  },
  'emoji-sheet': {
    size: 'small',
    attributes: bubble,
    prepare: lively,
    act: acts(press('Tuesday is good'), click('.quick [role=menuitem]'), settled),
  },
  writing: {
    attributes: bubble,
    prepare: chatting,
    act: async (chat) => {
      await settled();
      const pim = chat.pim as FakePim;
      pim.say('typing', { conversation: '', from: ADA, typing: true });
    },
  },
  person: { attributes: bubble, prepare: chatting, act: click('.who') },
  welcome: { size: 'wide', attributes: { mode: 'inline' } },
  ...lockScenes({ bubble, wide, chatting, inbox, toSettings }),
};
