/** On servers: the class can be imported, and registering does nothing. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('importing the widget where there is no page does no harm', async () => {
  assert.is(typeof globalThis.HTMLElement, 'undefined');
  const { PimChat } = await import('../../widget/define.js');
  assert.is(typeof PimChat, 'function');
  PimChat.define();
});

test.run();
