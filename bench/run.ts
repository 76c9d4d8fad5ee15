/**
 * `npm run bench -- [connect] [crypto] [files] [history] [lighthouse] [relay] [relay-nats] [scroll] [size] [profile] [--rounds N] [--only name,name]`: everything
 * but `files`, `lighthouse` (which fetches it), `profile` and `relay-nats` (which needs a nats-server) where none is named. Figures are printed and kept in bench/results/.
 */

import { parseArgs } from 'node:util';
import { connect } from './connect/connect.js';
import { profile } from './connect/profile.js';
import { crypto } from './crypto/crypto.js';
import { files } from './files/files.js';
import { history } from './history/history.js';
import { lighthouse } from './lighthouse/lighthouse.js';
import { installPackages } from './packages.js';
import { relay } from './relay/relay.js';
import { relayNats } from './relay-nats/relay-nats.js';
import { scroll } from './scroll/scroll.js';
import { size } from './size/size.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
  },
});

const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a number from 1 on');
const only = values.only === '' ? [] : values.only.split(',');

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  connect: () => connect({ rounds, only }),
  crypto: () => crypto(rounds),
  files: () => files(Math.min(rounds, 7), only),
  history: () => history(rounds, only),
  lighthouse: () => lighthouse(Math.min(rounds, 5)),
  relay: () => relay(Math.min(rounds, 5), only),
  'relay-nats': () => relayNats(Math.min(rounds, 5)),
  scroll,
  size,
  profile: () => profile(rounds),
};

installPackages();
const wanted =
  positionals.length === 0
    ? ['connect', 'crypto', 'history', 'relay', 'scroll', 'size']
    : positionals;
for (const name of wanted) {
  const bench = BENCHES[name];
  if (bench === undefined) throw new Error(`there is no bench “${name}”`);
  console.log(`\n# ${name}`);
  await bench();
}
