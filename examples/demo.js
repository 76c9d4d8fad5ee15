/**
 * The demo page: this visitor on the left, a second person on the right, each with an address, an
 * identity and a connection of their own. Plain ES module, nothing is built.
 */

import { closeLab, openLab } from '/lab.js';
import { browserPlatform, Pim } from '/sdk.js';

const GUEST = 'pim-demo-guest';
/** Milliseconds two people on one machine may take to find each other. */
const PATIENCE_MS = 10_000;
const relay = location.origin.replace(/^http/, 'ws');
const $ = (id) => document.getElementById(id);

let { me, guest } = people(relay, 1);
const emptySeat = $('second').firstElementChild;
const join = $('join');
const trouble = $('trouble');

/** Both people, at one relay. `speed` is how much faster time passes for them. */
function people(url, speed) {
  const common = { relays: [url], ...(speed === 1 ? {} : { platform: hurried(speed) }) };
  return {
    me: new Pim(common),
    guest: new Pim({ ...common, profile: GUEST, name: 'Somebody else' }),
  };
}

function hurried(speed) {
  const platform = browserPlatform();
  platform.monotonic = () => performance.now() * speed;
  platform.setTimer = (run, ms) => setTimeout(run, ms / speed);
  return platform;
}

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

function seatSecond() {
  const second = seat($('second'), guest, 'The chat as somebody else sees it');
  second.to = me.address;
  second.append(headline('You'));
  $('leave').hidden = false;
}

/** @param takeOver from another tab of this page: the person pressed the button here */
async function addSecond(takeOver) {
  await Promise.all([me.start({ takeOver }), guest.start({ takeOver })]);
  seatSecond();
  const isNew = guest.contacts.get(me.address) === null;
  if (isNew) await guest.send(me.address, 'Hello! I am the second person on this page.');
  await befriended();
  first.to = guest.address;
}

/** Resolves once the two are connected, or after a while all the same. */
function met() {
  const isThere = () => me.connections.status(guest.address).state === 'connected';
  return new Promise((resolve) => {
    const look = () => {
      if (isThere()) end();
    };
    const end = () => {
      clearTimeout(timer);
      undo();
      // What the guest has said goes over at once.
      setTimeout(resolve, 500);
    };
    const undo = me.on('connection', look);
    const timer = setTimeout(end, PATIENCE_MS);
    look();
  });
}

/** Both go on at another relay of this server, with all they have said. */
async function meetAt(path, speed) {
  if ($('leave').hidden) {
    await addSecond(true);
    await met();
  }
  await Promise.all([me.stop(), guest.stop()]);
  ({ me, guest } = people(relay + path, speed));
  await Promise.all([me.start({ takeOver: true }), guest.start({ takeOver: true })]);
  seatSecond();
  first = seat($('first'), me, 'Your chat');
  first.to = guest.address;
  return { me, friend: guest.address };
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
  await guest.identity.wipe();
  if (me.state === 'started' && me.contacts.get(address) !== null)
    await me.contacts.remove(address);
  if (closeLab()) {
    await me.stop();
    ({ me, guest } = people(relay, 1));
    first = seat($('first'), me, 'Your chat');
  }
  join.disabled = false;
}

function say(fault) {
  trouble.textContent =
    fault.code === 'pim/elsewhere' ? 'They are open in another tab.' : fault.message;
  join.disabled = false;
}

let first = seat($('first'), me, 'Your chat');

join.addEventListener('click', () => {
  join.disabled = true;
  trouble.textContent = '';
  addSecond(true).catch(say);
});
$('leave').addEventListener('click', () => removeSecond().catch(say));
if (await Pim.exists(GUEST)) addSecond(false).catch(say);
openLab(meetAt).catch(say);

// The snippet builder.

/** What a tag may hold its script to (Subresource Integrity); a relay's next version then needs another. */
async function integrityOf(url) {
  const script = await (await fetch(url)).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-384', script));
  return `sha384-${btoa(String.fromCharCode(...hash))}`;
}

let integrity = '';

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
  const held = $('held').checked && integrity ? ` integrity="${integrity}"` : '';
  return [
    `<script type="module" src="${location.origin}/pim-chat.js"${held}></script>`,
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
$('held').addEventListener('change', async () => {
  integrity ||= (await integrityOf('/pim-chat.js').catch(say)) ?? '';
  write();
});
$('options').addEventListener('submit', (event) => event.preventDefault());
$('copy').addEventListener('click', copy);
me.on('ready', ({ address }) => {
  $('address').value = address;
  $('address-hint').textContent = 'This is you, in this browser.';
  write();
});
write();
