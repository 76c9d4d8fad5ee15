/** Runs in a page: STUN and TURN as `diagnose` finds them, with servers that are there and that are not. */

import * as assert from 'uvu/assert';
import { type Diagnosis, type FindingCode, Pim, type PimOptions } from '../../../sdk/index.js';
import type { PageSuite } from '../../support/in-page.js';

export interface Servers {
  /** A relay that offers logins for `turn`. */
  readonly relay: string;
  /** `<address>:<port>` of a STUN and TURN server, and where nothing listens. */
  readonly server: string;
  readonly nothing: string;
}

async function diagnosis(options: PimOptions, isStarted = false): Promise<Diagnosis> {
  const pim = new Pim({ storage: 'memory', ...options });
  try {
    if (isStarted) {
      const online = new Promise((resolve) => {
        pim.on('relay', ({ state }) => state === 'online' && resolve(state));
      });
      await pim.start();
      await online;
    }
    return await pim.diagnose();
  } finally {
    await pim.stop();
  }
}

function codesOf({ findings }: Diagnosis, check: string): FindingCode[] {
  return findings.filter((each) => each.check === check).map(({ code }) => code);
}

const suite: PageSuite<Servers> = (test, { relay, server, nothing }) => {
  test('a STUN server that is there answers, and one that is not is told', async () => {
    const found = await diagnosis({
      iceServers: [{ urls: `stun:${server}` }, { urls: [`stun:${nothing}`] }],
    });
    const [there, gone, ...more] = codesOf(found, 'stun');
    // Without a router in between it has nothing to tell but what the machine knows.
    assert.ok(there === 'stun/good' || there === 'stun/same', there);
    assert.is(gone, 'stun/silent');
    assert.equal(more, []);
    assert.is(found.status, 'bad', 'there is no relay');
  });

  test('a name that nobody has is no server', async () => {
    const urls = ['stun:nowhere.invalid', 'turn:nowhere.invalid'];
    const found = await diagnosis({ iceServers: [{ urls, username: 'a', credential: 'b' }] });
    assert.equal(codesOf(found, 'stun'), ['stun/silent']);
    assert.equal(codesOf(found, 'turn'), ['turn/silent']);
  });

  test('a word goes through the TURN server that the relay offers, and comes back', async () => {
    const found = await diagnosis({ relays: [relay], privacy: { relayOnly: true } }, true);
    assert.equal(
      codesOf(found, 'turn'),
      ['turn/good', 'turn/good'],
      JSON.stringify(found.findings),
    );
    assert.equal(codesOf(found, 'relay'), ['relay/good']);
    assert.equal(codesOf(found, 'clock'), ['clock/good']);
    assert.equal(codesOf(found, 'platform'), ['platform/good']);
    const [host = '', port = ''] = server.split(':');
    for (const secret of [host, port]) assert.not.ok(found.report.includes(secret), secret);
    assert.match(found.report, /TURN server 2 \(turn tcp\) passes messages on, in \d+ ms/);
    assert.match(found.report, navigator.userAgent);
  });

  test('a wrong login and a TURN server that is not there are told apart', async () => {
    const login = { username: '1:wrong', credential: 'wrong' };
    const found = await diagnosis({
      iceServers: [
        { urls: `turn:${server}`, ...login },
        { urls: `turn:${nothing}`, ...login },
        { urls: `turn:${nothing}?transport=tcp`, ...login },
      ],
    });
    assert.equal(codesOf(found, 'turn'), ['turn/refused', 'turn/silent', 'turn/silent']);
    assert.equal(found.findings.find(({ code }) => code === 'turn/refused')?.detail, {
      errorCode: 401,
    });
  });

  test('what the browser says of its storage is told', async () => {
    const found = await diagnosis({ storage: 'indexeddb', profile: 'diagnosed' }, false);
    assert.equal(codesOf(found, 'storage'), ['storage/unknown']);
    const pim = new Pim({ profile: 'diagnosed' });
    await pim.start();
    const [storage] = (await pim.diagnose()).findings.filter(({ check }) => check === 'storage');
    await pim.identity.wipe();
    const { quotaBytes, isPersisted } = (storage?.detail ?? {}) as Record<string, unknown>;
    assert.type(isPersisted, 'boolean');
    assert.ok((quotaBytes as number) > 0);
  });
};

export default suite;
