/** The one error class: what it carries, and how it is told apart. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorCode, isPimError, PimError } from '../../sdk/base/errors.js';

test('carries code, text, detail, cause and where it is explained', () => {
  const cause = new Error('below');
  const error = new PimError('message/too-long', 'Too long.', { bytes: 2, maxBytes: 1 }, cause);
  assert.instance(error, Error);
  assert.is(error.name, 'PimError');
  assert.is(error.code, 'message/too-long');
  assert.is(error.message, 'Too long.');
  assert.equal(error.detail, { bytes: 2, maxBytes: 1 });
  assert.is(error.cause, cause);
  assert.ok(error.docs.endsWith('docs/errors.md#messagetoo-long'));
  assert.ok(String(error).startsWith('PimError: Too long.'));
});

test('has no cause of its own where none is given', () => {
  assert.not.ok('cause' in new PimError('storage/full', 'Full.', null));
});

test('says which failures may pass by themselves', () => {
  const retryable: [ErrorCode, boolean][] = [
    ['relay/unreachable', true],
    ['peer/offline', true],
    ['storage/full', true],
    ['storage/failed', true],
    ['storage/unavailable', false],
    ['options/invalid', false],
    ['address/invalid', false],
    ['signal/forged', false],
  ];
  for (const [code, expected] of retryable) {
    assert.is(new PimError(code, '', null as never).retryable, expected, code);
  }
});

test('is recognised by class and, where asked, by code', () => {
  const error = new PimError('storage/full', 'Full.', null);
  assert.ok(isPimError(error));
  assert.ok(isPimError(error, 'storage/full'));
  assert.not.ok(isPimError(error, 'storage/failed'));
  for (const other of [new Error('x'), null, undefined, 'storage/full', { code: 'storage/full' }]) {
    assert.not.ok(isPimError(other));
  }
});

test.run();
