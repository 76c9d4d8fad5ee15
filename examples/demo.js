/**
 * The demo page: this visitor on the left, a second person on the right, each with an address, an
 * identity and a connection of their own. Plain ES module, nothing is built.
 */

import { Pim } from '/sdk.js';

const GUEST = 'pim-demo-guest';
const relay = location.origin.replace(/^http/, 'ws');
const $ = (id) => document.getElementById(id);

const me = new Pim({ relays: [relay] });
const guest = new Pim({ relays: [relay], profile: GUEST, name: 'Somebody else' });
const emptySeat = $('second').firstElementChild;
const join = $('join');
const trouble = $('trouble');

/** A chat that fills its box, on an SDK instance of the page's own. */
function seat(box, pim, label) {
  const chat = document.createElement('pim-chat');
  chat.mode = 'inline';
  chat.pim = pim;
  chat.setAttribute('aria-label', label);
  box.replaceChildren(chat);
  return chat;
}

/** Resolves once the guest is among my contacts; I said yes by adding them. */
function befriended() {
  const isFriend = () => me.contacts.get(guest.address)?.status === 'accepted';
  const answer = async () => {
    const asks = me.contacts.requests().some(({ from }) => from === guest.address);
    if (asks) await me.contacts.accept(guest.address);
    return isFriend();
  };
  return new Promise((resolve, reject) => {
    const look = () =>
      answer().then((done) => {
        if (!done) return;
        for (const end of undo) end();
        resolve();
      }, reject);
    const undo = [me.on('request', look), me.on('contact', look)];
    look();
  });
}

/** @param takeOver from another tab of this page: the person pressed the button here */
async function addSecond(takeOver) {
  await Promise.all([me.start({ takeOver }), guest.start({ takeOver })]);
  const second = seat($('second'), guest, 'The chat as somebody else sees it');
  second.to = me.address;
  second.append(headline('You'));
  $('leave').hidden = false;
  const isNew = guest.contacts.get(me.address) === null;
  if (isNew) await guest.send(me.address, 'Hello! I am the second person on this page.');
  await befriended();
  first.to = guest.address;
}

/** What stands in the head of a chat in place of a name that is not known yet. */
function headline(text) {
  const span = document.createElement('span');
  span.slot = 'header';
  span.textContent = text;
  return span;
}

async function removeSecond() {
  $('leave').hidden = true;
  const { address } = guest;
  first.to = null;
  $('second').replaceChildren(emptySeat);
  join.disabled = false;
  await guest.identity.wipe();
  if (me.state === 'started' && me.contacts.get(address) !== null)
    await me.contacts.remove(address);
}

function say(fault) {
  trouble.textContent =
    fault.code === 'pim/elsewhere' ? 'They are open in another tab.' : fault.message;
  join.disabled = false;
}

const first = seat($('first'), me, 'Your chat');

join.addEventListener('click', () => {
  join.disabled = true;
  trouble.textContent = '';
  addSecond(true).catch(say);
});
$('leave').addEventListener('click', () => removeSecond().catch(say));
if (await Pim.exists(GUEST)) addSecond(false).catch(say);

// The snippet builder.

const quoted = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

function snippet() {
  const [address, server, greeting] = ['address', 'relay', 'greeting'].map((id) =>
    $(id).value.trim(),
  );
  const attributes = [
    `to="${quoted(address || 'pim1q…')}"`,
    ...(server === '' ? [] : [`relays="${quoted(server)}"`]),
    ...(greeting === '' ? [] : [`greeting="${quoted(greeting)}"`]),
  ];
  return [
    `<script type="module" src="${location.origin}/pim-chat.js"></script>`,
    `<pim-chat ${attributes.join(' ')}></pim-chat>`,
  ].join('\n');
}

function write() {
  $('code').textContent = snippet();
  $('copied').textContent = '';
}

async function copy() {
  try {
    await navigator.clipboard.writeText(snippet());
    $('copied').textContent = 'Copied. Paste it before </body>.';
  } catch {
    getSelection()?.selectAllChildren($('code'));
    $('copied').textContent = 'Selected: copy it with your keyboard.';
  }
}

$('relay').value = relay;
$('options').addEventListener('input', write);
$('options').addEventListener('submit', (event) => event.preventDefault());
$('copy').addEventListener('click', copy);
me.on('ready', ({ address }) => {
  $('address').value = address;
  $('address-hint').textContent = 'This is you, in this browser.';
  write();
});
write();
