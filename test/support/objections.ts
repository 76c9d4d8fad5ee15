/**
 * Listens to what the policies of pages object to, in every context of the browsers that tests start:
 * a violation in any page or frame, and a page that came without the documented policy, fail the test
 * that they happen in.
 */

import type { BrowserContext, ConsoleMessage, Response } from 'playwright-core';
import { isDocumented, isStrict, PAGE_HEADER } from './policy.js';
import { complaints } from './uvu.mjs';

const MARK = 'policy of the page:';

/** Runs in every document before its scripts. By the console, which no policy and no page reaches. */
const LISTENER = `(() => {
  const debug = console.debug.bind(console);
  addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample, documentURI } = event;
    debug(${JSON.stringify(MARK)}, effectiveDirective, blockedURI, sourceFile + ':' + lineNumber, sample, 'in', documentURI);
  }, true);
})()`;

const found: string[] = [];
complaints.push(takeObjections);

/** What there was to object to since the last call, each in one line. */
export function takeObjections(): string[] {
  return found.splice(0);
}

/** Browsers ask for it by themselves, on every page that names no other. */
const isIcon = (text: string): boolean => text.includes('/favicon.ico');

function note(message: ConsoleMessage): void {
  const text = message.text();
  const isReport = message.type() === 'error' && /Content[- ]Security[- ]Policy/.test(text);
  if ((text.startsWith(MARK) || isReport) && !isIcon(text)) found.push(text);
}

function check(response: Response): void {
  const isPage = response.request().isNavigationRequest() && response.ok();
  if (!isPage || !response.url().startsWith('http')) return;
  const headers = response.headers();
  const [policy, name] = [headers['content-security-policy'], headers[PAGE_HEADER]];
  if (isDocumented(policy, name)) return;
  found.push(`not the documented policy: ${response.url()} (${name ?? 'no name'}): ${policy}`);
}

/** Before any page is opened in it. */
export async function listen(context: BrowserContext): Promise<void> {
  if (!isStrict()) return;
  context.on('console', note);
  context.on('response', check);
  await context.addInitScript({ content: LISTENER });
}
