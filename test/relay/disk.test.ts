/** The relay keeps nothing: no byte reaches a disk, whatever clients do. */

import fs, { readdirSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withRelay } from '../support/relay.js';
import { RelayClient, random, testKey, UpgradeRefused } from '../support/relay-client.js';

const SOURCES = new URL('../../relay/', import.meta.url);
/** What changes a disk; `open` is counted whatever its flags are. */
const WRITING =
  /^(?:append|chmod|chown|copy|cp$|create(?:Write)|fchmod|fchown|ftruncate|futimes|lchmod|lchown|link|lutimes|mkd|open|rename|rm|symlink|truncate|unlink|utimes|write)/;

/** Replaces every writing function by one that notes its name and throws. */
function spyOnDisk(): { calls: string[]; undo: () => void } {
  const calls: string[] = [];
  const undos: (() => void)[] = [];
  for (const [where, module] of Object.entries({ fs, promises: fs.promises })) {
    const functions = module as unknown as Record<string, unknown>;
    for (const name of Object.keys(functions).filter((each) => WRITING.test(each))) {
      const original = functions[name];
      functions[name] = () => {
        calls.push(`${where}.${name}`);
        throw new Error(`${where}.${name} was called`);
      };
      undos.push(() => {
        functions[name] = original;
      });
    }
  }
  syncBuiltinESMExports();
  const undo = () => {
    for (const each of undos) each();
    syncBuiltinESMExports();
  };
  return { calls, undo };
}

test('nothing is written while people log in, talk, fail and leave', async () => {
  const { calls, undo } = spyOnDisk();
  try {
    assert.throws(() => fs.writeFileSync('/nowhere', ''), /was called/);
    await withRelay({ limits: { socketsPerIp: 3 } }, async ({ url }) => {
      const key = testKey();
      const ada = await RelayClient.login(url);
      const grace = await RelayClient.login(url, { key });
      ada.sendTo(key.publicKey, random(8_241));
      ada.sendTo(random(32), random(561));
      await ada.settle();
      await grace.settle();
      await (await fetch(`${url.replace('ws', 'http')}/healthz`)).text();
      const stranger = await RelayClient.open(url);
      stranger.socket.send('text');
      await stranger.closed;
      await RelayClient.open(url).catch((fault) => assert.instance(fault, UpgradeRefused));
      grace.socket.terminate();
    });
  } finally {
    undo();
  }
  assert.equal(calls, ['fs.writeFileSync']);
});

test('its sources take nothing from node:fs but reading', () => {
  const names = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts'));
  assert.ok(files.includes('evil/index.ts'));
  const taken = files.flatMap((name) => {
    // Loaded only where they are used: metrics, and other relays over NATS.
    const text = readFileSync(new URL(name, SOURCES), 'utf8')
      .replace("await import('prom-client')", '')
      .replace("await import('./cluster/nats.js')", '');
    assert.not.match(text, /import\(|require\(|child_process|sqlite|process\.binding/);
    return [...text.matchAll(/import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g)].flatMap(
      ([, names]) => (names as string).split(',').map((each) => each.trim()),
    );
  });
  assert.equal([...new Set(taken)].sort(), ['readFile', 'readFileSync', 'readdir']);
});

test.run();
