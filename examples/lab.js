/**
 * The demo's evil relays: the visitor picks an attack, the two people of the page meet through a relay
 * that tries it, and the page says what came of it. There is nothing to pick where the relay is a
 * real one: only `pim relay` on one's own machine offers any.
 */

const $ = (id) => document.getElementById(id);
const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[::1\])$/;
/** How much faster time passes while a relay attacks: giving up takes most of a minute otherwise. */
const SPEED = 4;

const WAITING = 'They look for each other …';
const HONEST = 'The relay is honest. Pick an attack and watch the two chats above.';
const NOT_CONNECTED =
  'Not connected, and both chats say so. That is the worst it can do; a second relay would be enough.';
const CONNECTED = 'Connected all the same, directly and proven. The attack changed nothing.';

/** @returns what this relay offers: nothing, unless it is a demo on this machine */
async function offered() {
  if (!LOOPBACK.test(location.hostname)) return [];
  const answer = await fetch('/evil/attacks.json').catch(() => null);
  return answer?.ok ? answer.json() : [];
}

function chip(value, text) {
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'attack';
  input.value = value;
  label.className = 'chip';
  label.append(input, text);
  return label;
}

const say = (text) => {
  $('lab-state').textContent = text;
};

/** What the page says of a pair that an attack is on, as it changes. */
function watch(me, friend) {
  const look = () => {
    const { state, reason } = me.connections.status(friend);
    const altered = me.relays.list().reduce((sum, each) => sum + each.alteredFrames, 0);
    const refused = altered === 0 ? '' : ` ${altered} altered envelopes refused so far.`;
    if (state === 'connected') say(CONNECTED);
    else if (state === 'offline' || reason?.code === 'relay/none') say(NOT_CONNECTED);
    else say(WAITING + refused);
  };
  const undo = [me.on('connection', look), me.on('relay', look)];
  look();
  return () => {
    for (const end of undo) end();
  };
}

/** What stops watching the pair that an attack is on. */
let unwatch = () => undefined;

/** Back to the honest relay, without a pair. @returns whether there was an attack on */
export function closeLab() {
  const honest = $('lab-chips').querySelector('input');
  if (honest === null || honest.checked) return false;
  unwatch();
  honest.checked = true;
  $('lab-told').hidden = true;
  say(HONEST);
  return true;
}

/**
 * @param meetAt lets both people go on at another relay, with time that passes `speed` times as fast;
 *   resolves to the first of them, and the address of the other
 */
export async function openLab(meetAt) {
  const attacks = await offered();
  if (attacks.length === 0) return;
  const chips = $('lab-chips');
  chips.append(chip('', 'Honest'), ...attacks.map(({ name, title }) => chip(name, title)));
  chips.querySelector('input').checked = true;
  say(HONEST);
  $('lab').hidden = false;

  const choose = async (name) => {
    const attack = attacks.find((each) => each.name === name);
    unwatch();
    $('lab-told').hidden = attack === undefined;
    $('lab-tries').textContent = attack?.tries ?? '';
    $('lab-fails').textContent = attack?.fails ?? '';
    say(WAITING);
    const path = attack === undefined ? '' : `/evil/${name}`;
    const { me, friend } = await meetAt(path, attack === undefined ? 1 : SPEED);
    if (attack === undefined) say(HONEST);
    else unwatch = watch(me, friend);
  };
  // One after the other: a quick hand must not start two over each other.
  chips.addEventListener('change', ({ target }) => {
    chips.disabled = true;
    choose(target.value)
      .catch((fault) => say(fault.message))
      .finally(() => {
        chips.disabled = false;
        target.focus();
      });
  });
}
