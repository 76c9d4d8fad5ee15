/** The store: what it makes of requests and of the SDK's news. No page in it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PimError } from '../../sdk/index.js';
import { ADA, GRACE, ME, STRANGER } from './fake-pim.js';
import { RELAY, running, world } from './panel-world.js';

const elsewhere = () => new PimError('pim/elsewhere', 'x', null);
const calls = ({ pim }: { pim: { calls: string[] } }) => pim.calls;
const texts = ({
  store,
}: {
  store: { state: { thread: { messages: readonly { text: string }[] } | null } };
}) => store.state.thread?.messages.map(({ text }) => text) ?? [];

test('touches nothing before it begins', () => {
  const { store, pim } = world({ to: ADA });
  assert.equal(pim.calls, []);
  assert.is(pim.listeners, 0);
  assert.is(store.state.phase.name, 'idle');
  assert.is(store.state.thread?.address, ADA);
});

test('begins once, however often it is asked', async () => {
  const made = world();
  made.store.begin(false);
  made.store.begin(true);
  await made.store.dispatch({ ask: 'begin' });
  assert.equal(calls(made), ['start with take-over']);
  assert.is(made.store.state.phase.name, 'ready');
  assert.is(made.store.state.me?.address, ME);
  assert.equal(made.events, ['pim-ready']);
});

test('an address that is none is said, with what is wrong with it', () => {
  const { store, events } = world({ to: ADA.slice(0, -1) });
  const { target } = store.state;
  assert.ok(target.kind === 'invalid');
  assert.equal(target.fault, { code: 'address/invalid', detail: { reason: 'length' } });
  assert.equal(events, ['pim-error']);
});

test('the owner of the address sees that it is theirs', async () => {
  const { store } = await running({ to: ME.toUpperCase() });
  assert.equal(store.state.target, { kind: 'own', address: ME });
});

test('stays away while another tab has the chat, and comes when the person does', async () => {
  const made = world();
  made.pim.refuse.start = elsewhere();
  made.store.begin(false);
  await made.store.dispatch({ ask: 'go', screen: { name: 'list' } });
  await new Promise(setImmediate);
  assert.is(made.store.state.phase.name, 'elsewhere');
  await made.store.dispatch({ ask: 'begin' });
  assert.is(made.store.state.phase.name, 'ready');
  assert.equal(calls(made), ['start', 'start with take-over']);
});

test('a person who comes while the first try is under way is not turned away', async () => {
  const made = world();
  made.pim.refuse.start = elsewhere();
  made.store.begin(false);
  made.store.begin(true);
  await new Promise(setImmediate);
  assert.is(made.store.state.phase.name, 'ready');
});

test('says that another tab took the chat', async () => {
  const made = await running();
  made.pim.state = 'stopped';
  made.pim.say('error', elsewhere());
  assert.is(made.store.state.phase.name, 'elsewhere');
  assert.ok(made.events.includes('pim-error'));
});

test('a start that fails says why, and can be tried again', async () => {
  const made = world();
  made.pim.refuse.start = new PimError('platform/unsupported', 'x', { missing: 'WebRTC' });
  assert.not(await made.store.dispatch({ ask: 'begin' }));
  assert.equal(made.store.state.phase, {
    name: 'failed',
    fault: { code: 'platform/unsupported', detail: { missing: 'WebRTC' } },
  });
  assert.is(made.store.state.notice, null);
  delete made.pim.refuse.start;
  assert.ok(await made.store.dispatch({ ask: 'begin' }));
  assert.is(made.store.state.phase.name, 'ready');
});

test('the first message makes a contact, with the relays and the invitation of the page', async () => {
  const made = world({ to: ADA, invite: 'token' });
  assert.ok(await made.store.dispatch({ ask: 'send', text: 'Hello', name: 'Charles' }));
  assert.equal(calls(made), ['start', 'add by token', 'send Hello']);
  assert.is(made.pim.name, 'Charles');
  assert.is(made.store.state.me?.name, 'Charles');
  assert.equal(made.pim.contacts.get(ADA)?.relays, [RELAY]);
  assert.equal(texts(made), ['Hello']);
});

test('shows a message once, by whichever way it is heard of', async () => {
  const made = await running({ to: ADA });
  await made.store.dispatch({ ask: 'send', text: 'one' });
  const [message] = made.store.state.thread?.messages ?? [];
  assert.ok(message);
  made.pim.say('message', message);
  made.pim.say('message:update', { ...message, status: 'delivered' });
  assert.is(made.store.state.thread?.messages.length, 1);
  assert.is(made.store.state.thread?.messages[0]?.status, 'delivered');
});

test('words of another conversation do not appear in this one', async () => {
  const made = await running({ to: ADA }, (pim) => pim.meet(ADA));
  made.pim.write(GRACE, 'not here');
  assert.equal(texts(made), []);
});

test('a message that was written earlier takes its place in the order of the store', async () => {
  const made = await running({ to: ADA }, (pim) => pim.meet(ADA));
  const second = made.pim.write(ADA, 'second', { time: 2000 });
  const first = { ...second, id: 'late', text: 'first', time: 1000 };
  made.pim.messages.set(ADA, [first, second]);
  made.pim.say('message', first);
  await new Promise(setImmediate);
  assert.equal(texts(made), ['first', 'second']);
});

test('reads earlier pages, one at a time, until there are no more', async () => {
  const made = await running({ to: ADA }, (pim) => {
    for (let n = 0; n < 100; n += 1) pim.write(ADA, `${n}`, { time: n });
  });
  const length = () => made.store.state.thread?.messages.length;
  assert.is(length(), 40);
  await Promise.all([made.store.dispatch({ ask: 'older' }), made.store.dispatch({ ask: 'older' })]);
  assert.is(length(), 80);
  await made.store.dispatch({ ask: 'older' });
  await made.store.dispatch({ ask: 'older' });
  assert.is(length(), 100);
  assert.not(made.store.state.thread?.more);
  assert.equal(texts(made)[0], '0');
});

test('marks as read what the person sees, and nothing else', async () => {
  const made = await running({ to: ADA }, (pim) => pim.meet(ADA));
  made.pim.write(ADA, 'unseen');
  assert.is(made.unread(), 1);
  assert.not(calls(made).includes('markRead'));
  made.store.setAttention(true);
  await new Promise(setImmediate);
  assert.is(made.unread(), 0);
  made.pim.write(ADA, 'seen');
  await new Promise(setImmediate);
  assert.is(made.unread(), 0);
  made.store.setAttention(false);
  made.pim.write(ADA, 'unseen again');
  assert.is(made.unread(), 1);
});

test('marks the first message that was unread when the conversation was opened', async () => {
  const { store } = await running({ to: ADA }, (pim) => {
    pim.write(ADA, 'old', { time: 1 });
    void pim.conversations.markRead(ADA);
    pim.write(ADA, 'new', { time: 2 });
    pim.write(ADA, 'newer', { time: 3 });
  });
  const { thread } = store.state;
  assert.is(thread?.messages.find(({ id }) => id === thread.newFrom)?.text, 'new');
});

test('an inbox counts all unread messages and every request', async () => {
  const made = await running({}, (pim) => {
    pim.write(ADA, 'one');
    pim.write(GRACE, 'two');
  });
  made.pim.knock(STRANGER);
  made.pim.knock(STRANGER);
  assert.is(made.unread(), 3);
  assert.ok(made.isOnline());
});

test('accepting opens the conversation and takes the request away', async () => {
  const made = await running();
  made.pim.knock(STRANGER, { name: 'Mary', text: 'May I?' });
  assert.ok(await made.store.dispatch({ ask: 'accept', from: STRANGER }));
  assert.equal(made.store.state.requests, []);
  assert.equal(made.store.state.screen, { name: 'conversation', address: STRANGER });
  assert.equal(texts(made), ['May I?']);
});

test('an answer that failed leaves the request where it is, and says so', async () => {
  const made = await running();
  made.pim.knock(STRANGER);
  made.pim.refuse.accept = new PimError('storage/full', 'x', null);
  assert.not(await made.store.dispatch({ ask: 'accept', from: STRANGER }));
  assert.is(made.store.state.requests.length, 1);
  assert.is(made.store.state.notice?.code, 'storage/full');
  await made.store.dispatch({ ask: 'dismiss' });
  assert.is(made.store.state.notice, null);
});

test('declining and blocking lead back to the list', async () => {
  const made = await running();
  for (const ask of ['decline', 'block'] as const) {
    made.pim.knock(STRANGER);
    await made.store.dispatch({ ask: 'go', screen: { name: 'request', from: STRANGER } });
    await made.store.dispatch(
      ask === 'block' ? { ask, address: STRANGER } : { ask, from: STRANGER },
    );
    assert.equal(made.store.state.requests, []);
    assert.equal(made.store.state.screen, { name: 'list' });
  }
});

test('what is declined elsewhere, in another tab or chat of the page, is gone here too', async () => {
  const made = await running();
  made.pim.knock(STRANGER);
  await made.pim.contacts.decline(STRANGER);
  assert.equal(made.store.state.requests, []);
});

test('a pasted link is asked about before its relays are told', async () => {
  const made = await running();
  const link = `https://ada.example/#${ADA}?t=${'A'.repeat(116)}&r=wss%3A%2F%2Fada.example`;
  await made.store.dispatch({ ask: 'add', text: link });
  assert.is(made.store.state.screen.name, 'invitation');
  assert.is(made.pim.contacts.get(ADA), null);
  await made.store.dispatch({ ask: 'invited' });
  assert.equal(made.pim.contacts.get(ADA)?.relays, ['wss://ada.example']);
  assert.equal(made.store.state.screen, { name: 'conversation', address: ADA });
});

test('a bare address opens its conversation; a wrong one, or my own, says what is wrong', async () => {
  const made = await running();
  await made.store.dispatch({ ask: 'add', text: ` ${ADA} ` });
  assert.equal(made.store.state.screen, { name: 'conversation', address: ADA });
  await made.store.dispatch({ ask: 'add', text: 'pim1' });
  assert.equal(made.store.state.notice, {
    code: 'address/invalid',
    detail: { reason: 'length' },
  });
  await made.store.dispatch({ ask: 'add', text: ME });
  assert.is(made.store.state.notice?.code, 'address/own');
});

test('an invitation waits for a yes before anything is made here', async () => {
  const made = world();
  made.store.invite({ address: ADA, token: null, relays: ['wss://ada.example'] });
  made.store.begin(false);
  await new Promise(setImmediate);
  assert.equal(calls(made), []);
  await made.store.dispatch({ ask: 'invited' });
  assert.equal(calls(made), ['start', 'add']);
});

test('hides from a person and marks their number, and the view that asked hears why not', async () => {
  const made = await running({ to: ADA });
  made.pim.meet(ADA);
  const heard: unknown[] = [];
  const hide = (isOn: boolean) =>
    made.store.dispatch({ ask: 'relay-only', address: ADA, isOn, got: (got) => heard.push(got) });
  made.pim.refuse.relayOnly = new PimError('peer/no-turn', 'x', null);
  await hide(true);
  assert.equal(heard, ['peer/no-turn']);
  assert.not.ok(made.store.state.thread?.contact?.relayOnly);
  delete made.pim.refuse.relayOnly;
  await hide(true);
  assert.equal(heard, ['peer/no-turn', null]);
  assert.ok(made.store.state.thread?.contact?.relayOnly);
  await made.store.dispatch({ ask: 'compared', address: ADA, isSame: true });
  assert.ok(made.store.state.thread?.contact?.comparedAt);
  await made.store.dispatch({ ask: 'compared', address: ADA, isSame: false });
  assert.is(made.store.state.thread?.contact?.comparedAt, null);
});

test('erased in another tab: nothing of what was shown stays', async () => {
  const made = await running({ to: ADA });
  made.pim.meet(ADA);
  made.pim.write(ADA, 'secret');
  assert.ok(texts(made).includes('secret'));
  made.pim.say('error', new PimError('pim/stopped', 'x', null));
  assert.equal(texts(made), []);
  assert.is(made.store.state.phase.name, 'idle');
  assert.is(made.store.state.me, null);
  assert.equal(made.store.state.conversations, []);
});

test('relays that come and go do not flicker', async () => {
  const made = await running();
  const reach = () => made.store.state.reach;
  assert.is(reach(), 'yes');
  made.pim.relay(RELAY, { state: 'connecting' });
  assert.is(reach(), 'unknown');
  made.pim.relay(RELAY, { state: 'waiting' });
  assert.is(reach(), 'no');
  made.pim.relay(RELAY, { state: 'connecting' });
  assert.is(reach(), 'no');
  made.pim.relay(RELAY, { state: 'online' });
  assert.is(reach(), 'yes');
});

test('trying again calls the person and takes up every lost relay anew', async () => {
  const made = await running({ to: ADA }, (pim) => pim.meet(ADA));
  made.pim.relay(RELAY, { state: 'waiting' });
  await made.store.dispatch({ ask: 'retry' });
  assert.ok(calls(made).includes('retry'));
  assert.is(made.store.state.relays[0]?.state, 'connecting');
});

test('a removed contact is gone from the list', async () => {
  const made = await running({}, (pim) => pim.write(ADA, 'x'));
  await made.store.dispatch({ ask: 'open', address: ADA });
  await made.store.dispatch({ ask: 'remove', address: ADA });
  assert.equal(made.store.state.conversations, []);
  assert.is(made.store.state.thread, null);
});

test('erasing leaves nothing, as before the first time', async () => {
  const made = await running({}, (pim) => pim.write(ADA, 'x'));
  await made.store.dispatch({ ask: 'erase' });
  assert.is(made.store.state.phase.name, 'idle');
  assert.is(made.store.state.me, null);
  assert.equal(made.store.state.conversations, []);
  assert.is(made.released(), 1);
  assert.is(made.pim.listeners, 0);
});

test('my link is made once, for this page', async () => {
  const made = await running();
  await made.store.dispatch({ ask: 'link' });
  const { link } = made.store.state;
  assert.ok(link?.startsWith(`https://page.example/inbox#${ME}`));
  await made.store.dispatch({ ask: 'link' });
  assert.is(made.store.state.link, link);
});

test('another `to` is another conversation', async () => {
  const made = await running({ to: ADA }, (pim) => pim.write(GRACE, 'hi'));
  made.change({ to: GRACE });
  await new Promise(setImmediate);
  assert.equal(texts(made), ['hi']);
  made.change({ to: null });
  assert.equal(made.store.state.screen, { name: 'list' });
});

test('what is typed is kept while the chat lives, and gone once it is sent', async () => {
  const made = await running({ to: ADA });
  await made.store.dispatch({ ask: 'draft', address: ADA, text: 'half a' });
  assert.is(made.store.state.drafts[ADA], 'half a');
});

test('a message that could not be stored is said, and not shown', async () => {
  const made = await running({ to: ADA });
  made.pim.refuse.send = new PimError('storage/full', 'x', null);
  assert.not(await made.store.dispatch({ ask: 'send', text: 'lost?' }));
  assert.is(made.store.state.notice?.code, 'storage/full');
  assert.equal(texts(made), []);
});

test('closing lets everything go, also in the middle of a start', async () => {
  const made = await running();
  made.store.close();
  assert.is(made.pim.listeners, 0);
  assert.is(made.released(), 1);
  const early = world();
  early.store.begin(false);
  early.store.close();
  await new Promise(setImmediate);
  assert.is(early.pim.listeners, 0);
  assert.is(early.released(), 1);
});

test.run();
