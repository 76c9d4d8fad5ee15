/** Pictures of addresses. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { identicon } from '../../widget/panel/identicon.js';
import { ADA, GRACE, LIN, ME, NOOR, OTHER, SAM, STRANGER } from './fake-pim.js';

const picture = (address: string): string => JSON.stringify(identicon(address));

test('one address has one picture, in capitals too', () => {
  assert.is(picture(ADA), picture(ADA));
  assert.is(picture(ADA.toUpperCase()), picture(ADA));
});

test('the picture of an address stays the same over versions', () => {
  const { background, shapes } = identicon(ADA);
  assert.is(background, '#e6e3da');
  assert.equal(shapes[0], { path: 'M0 0a20 20 0 0 1 20 20h-20z', fill: '#37423d' });
});

test('different addresses have different pictures', () => {
  const all = [ADA, GRACE, LIN, ME, NOOR, OTHER, SAM, STRANGER];
  assert.is(new Set(all.map(picture)).size, all.length);
});

test('one changed character changes most of the picture', () => {
  const changed = `${ADA.slice(0, 30)}${ADA[30] === 'q' ? 'p' : 'q'}${ADA.slice(31)}`;
  const [one, other] = [identicon(ADA), identicon(changed)];
  const same = one.shapes.filter(({ path }) => other.shapes.some((shape) => shape.path === path));
  assert.ok(same.length < 5);
});

test('every picture fills its nine tiles', () => {
  for (let n = 0; n < 500; n += 1) {
    const starts = identicon(`pim1q${n}`).shapes.map(({ path }) => /^M\d+ \d+/.exec(path)?.[0]);
    assert.is(new Set(starts).size, 9);
  }
});

test.run();
