/** An invitation in the address bar: read once, gone after. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPimError } from '../../sdk/base/errors.js';
import { takeInvitation } from '../../sdk/invitation.js';
import { formatLink } from '../../sdk/protocol/format-link.js';
import { pim } from '../support/vectors.js';

const ADDRESS = pim.keys[0]!.address;

function page(hash: string, search = '') {
  const replaced: [unknown, string][] = [];
  const location = { hash, pathname: '/chat/', search };
  const history = {
    state: { mine: 1 },
    replaceState: (state: unknown, _unused: string, url: string) => replaced.push([state, url]),
  };
  return { location, history, replaced };
}

test('gives who invites, their token and relays, and takes them out of the address bar', () => {
  const token = 'A'.repeat(116);
  const link = formatLink('', { address: ADDRESS, token, relays: ['wss://r.example'] } as never);
  const { location, history, replaced } = page(link, '?lang=pl');
  const invitation = takeInvitation(location, history);
  assert.equal(invitation, { address: ADDRESS, token, relays: ['wss://r.example'] });
  assert.equal(replaced, [[{ mine: 1 }, '/chat/?lang=pl']]);
});

test('leaves every other fragment where it is', () => {
  for (const hash of ['', '#', '#section', '#pi', '#/route/pim1', `#x${ADDRESS}`]) {
    const { location, history, replaced } = page(hash);
    assert.is(takeInvitation(location, history), null, hash);
    assert.equal(replaced, []);
  }
});

test('a damaged invitation is told, and gone from the address bar as well', () => {
  const damaged = [`#${ADDRESS.slice(0, -1)}q`, `#${ADDRESS}?t=short`, `#${ADDRESS}${ADDRESS}`];
  for (const hash of damaged) {
    const { location, history, replaced } = page(hash);
    assert.throws(
      () => takeInvitation(location, history),
      (fault: unknown) => isPimError(fault, 'address/invalid') || isPimError(fault, 'link/invalid'),
      hash,
    );
    assert.equal(replaced, [[{ mine: 1 }, '/chat/']]);
  }
});

test.run();
