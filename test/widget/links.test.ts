/** Links in texts: found where they are, and never more than a link. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { segments } from '../../widget/comforts/links.js';

const hrefs = (text: string) =>
  segments(text).flatMap((each) => (each.kind === 'link' ? [each.href] : []));
const whole = (text: string) =>
  segments(text)
    .map((each) => each.text)
    .join('');

test('finds addresses of pages and mailboxes', () => {
  assert.equal(hrefs('see https://a.example/b?c=d#e and mailto:ada@a.example'), [
    'https://a.example/b?c=d#e',
    'mailto:ada@a.example',
  ]);
  assert.equal(hrefs('www.a.example'), ['https://www.a.example/']);
});

test('leaves the punctuation of the sentence out', () => {
  assert.equal(hrefs('Is it https://a.example/x?'), ['https://a.example/x']);
  assert.equal(hrefs('(https://a.example/x).'), ['https://a.example/x']);
  assert.equal(hrefs('https://a.example/x_(y)…'), ['https://a.example/x_(y)']);
});

test('nothing but http, https and mailto is a link', () => {
  for (const text of [
    'javascript:alert(1)',
    'JaVaScRiPt://a.example/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'vbscript:x',
    'https://',
    'http://[',
  ]) {
    assert.equal(hrefs(text), [], text);
  }
});

test('a link cannot read as one place and lead to another', () => {
  assert.equal(hrefs('https://bank.example@evil.example/'), []);
  assert.equal(hrefs('https://a.example/\u202Egnp.exe'), ['https://a.example/']);
});

test('no character of a text is lost or changed', () => {
  for (const text of [
    'a https://a.example, b <b>c</b> mailto:x@y.example!',
    '<img src=x onerror=alert(1)>',
    'http://a.example"onmouseover="x',
    '',
  ]) {
    assert.is(whole(text), text);
  }
});

test('the longest text is cut in no time', () => {
  const began = performance.now();
  segments('https://a.example/('.repeat(900));
  segments('www.'.repeat(4000));
  segments(')'.repeat(16_000));
  segments(`https://a.example/${')'.repeat(16_000)}`);
  assert.ok(performance.now() - began < 2000);
});

test.run();
