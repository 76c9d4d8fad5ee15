/**
 * Request → deed, for the inbox: requests, invitations, new chats, names, blocks, erasing.
 */

import type { InvitationChange, IssuedInvitation } from '../../sdk/index.js';
import type { Core } from '../panel/core.js';
import { type Layer, nameMyself } from '../panel/perform.js';
import { loadThread, openThread, patchThread } from '../panel/thread.js';
import type { Privacy } from '../port.js';
import { answer, erase, goAlong, useIdentity, withPim } from './identity-deeds.js';

export const layer: Layer = (next) => async (core, request) => {
  switch (request.ask) {
    case 'accept':
      return accept(core, request.from);
    case 'decline':
      return decline(core, request.from);
    case 'block':
      return block(core, request.address);
    case 'remove':
      return remove(core, request.address);
    case 'rename':
      await (await core.running()).contacts.rename(request.address, request.name);
      return;
    case 'safety':
      return showSafety(core, request.address);
    case 'add':
      return add(core, request.text);
    case 'invited':
      return acceptInvitation(core);
    case 'link':
      return makeLink(core);
    case 'name':
      return nameMyself(core, request.name);
    case 'privacy':
      return choosePrivacy(core, request.change);
    case 'backup':
      return answer(request.got, async () =>
        (await core.running()).identity.backup(request.passphrase),
      );
    case 'kept':
      return answer(request.got, async () => {
        const { identity } = await core.running();
        if (request.persist) await identity.persist();
        return identity.kept();
      });
    case 'words':
      return answer(request.got, async () => (await core.running()).identity.words());
    case 'read-backup':
      return answer(request.got, () =>
        withPim(core, ({ identity }) => identity.readBackup(request.from, request.passphrase)),
      );
    case 'restore':
      return answer(request.got, () =>
        withPim(core, async ({ identity }) => {
          await identity.restore(request.backup, { replace: request.replace });
          return null;
        }),
      );
    case 'diagnose': {
      const { signal, heard: onFinding } = request;
      return answer(request.got, () => withPim(core, (pim) => pim.diagnose({ signal, onFinding })));
    }
    case 'relay-only':
      return answer(request.got, async () => {
        await (await core.running()).contacts.setRelayOnly(request.address, request.isOn);
        return null;
      });
    case 'compared':
      await (await core.running()).contacts.verify(request.address, request.isSame);
      return;
    case 'invitations':
      return answer(request.got, async () =>
        (await core.running()).invitations.list(core.outside.pageUrl()),
      );
    case 'invite':
      return answer(request.got, async () =>
        (await core.running()).invitations.create({
          ...request.options,
          page: core.outside.pageUrl(),
        }),
      );
    case 'change-invitation':
      return answer(request.got, () => changeInvitation(core, request.id, request.change));
    case 'erase':
      return erase(core);
    case 'identity':
      return useIdentity(core, request);
    case 'unlocked':
      return goAlong(core, request.signal);
    default:
      return next(core, request);
  }
};

async function accept(core: Core, from: string): Promise<void> {
  const pim = await core.running();
  await pim.contacts.accept(from);
  await openThread(core, from);
}

async function decline(core: Core, from: string): Promise<void> {
  const pim = await core.running();
  await pim.contacts.decline(from);
  core.set({ screen: { name: 'list' } });
}

/** Of a contact, or of somebody who asks. */
async function block(core: Core, address: string): Promise<void> {
  const pim = await core.running();
  const wasRequest = core.state().requests.some(({ from }) => from === address);
  await pim.contacts.block(address);
  if (wasRequest) core.set({ screen: { name: 'list' } });
}

async function remove(core: Core, address: string): Promise<void> {
  const pim = await core.running();
  await pim.contacts.remove(address);
  const conversations = core.state().conversations.filter((each) => each.with.address !== address);
  core.set({ conversations, thread: null, screen: { name: 'list' } });
}

async function showSafety(core: Core, address: string): Promise<void> {
  const pim = await core.running();
  const safetyNumber = await pim.identity.safetyNumber(address);
  patchThread(core, address, { safetyNumber });
}

/** Opens the chat with whom `text` names; a link of a stranger is asked about first. */
async function add(core: Core, text: string): Promise<void> {
  const invitation = core.outside.parseLink(text);
  const { me } = core.state();
  if (invitation.address === me?.address) throw ownAddress();
  const isNew = (await core.running()).contacts.get(invitation.address) === null;
  if (isNew && (invitation.relays.length > 0 || invitation.token !== null)) {
    core.set({ screen: { name: 'invitation', invitation } });
  } else {
    await openThread(core, invitation.address);
  }
}

/** Yes to an invitation: only now may its relays learn of this person. */
async function acceptInvitation(core: Core): Promise<void> {
  const { screen } = core.state();
  if (screen.name !== 'invitation') return;
  const { address, token, relays } = screen.invitation;
  const pim = await core.running();
  if (pim.address === address) throw ownAddress();
  if (pim.contacts.get(address) === null) {
    await pim.contacts.add(address, { relays, ...(token === null ? {} : { invite: token }) });
  }
  await openThread(core, address);
  await loadThread(core, pim);
}

async function choosePrivacy(core: Core, change: Partial<Privacy>): Promise<void> {
  const { identity } = await core.running();
  await identity.setPrivacy(change);
  const { me } = core.state();
  if (me !== null) core.set({ me: { ...me, privacy: identity.privacy } });
}

async function makeLink(core: Core): Promise<void> {
  const pim = await core.running();
  if (core.state().link !== null) return;
  const page = core.outside.pageUrl();
  // The link of everyday is one that can be given to anybody; it is made once.
  const all = await pim.invitations.list(page);
  const plain = all.find((each) => each.label === '' && each.state === 'open' && isPlain(each));
  const { link } = plain ?? (await pim.invitations.create({ page }));
  core.set({ link });
}

function isPlain({ policy, uses, expiresAt }: IssuedInvitation): boolean {
  return policy === 'ask' && uses === null && expiresAt === null;
}

async function changeInvitation(
  core: Core,
  id: string,
  change: InvitationChange | null,
): Promise<null> {
  const { invitations } = await core.running();
  if (change === null) await invitations.withdraw(id);
  else await invitations.change(id, change);
  core.set({ link: null }); // it may have been this one
  return null;
}

/** As the SDK says it, for the moment before it is asked. */
function ownAddress(): Error {
  return Object.assign(new Error('This is your own address.'), { code: 'address/own' });
}
