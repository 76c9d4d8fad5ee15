/** The policies of the pages that a relay serves: the documented one, and what a page has of its own. */

import type { PagePolicies } from './page-policies.mjs';
import { isStrict, type PageName, policyFor } from './policy.js';

const HOST = ['http://HOST'];
const SOCKET = ['ws://HOST'];

const NAMES: Readonly<Record<string, PageName | undefined>> = {
  '/': 'demo',
  '/inbox': 'inbox',
  '/personal-site/': 'personal site',
  // Tests open it for a page of that origin with nothing in it.
  '/healthz': undefined,
};

/** Empty where pages are to come as they are. */
export function relayPages(): PagePolicies {
  if (!isStrict()) return {};
  return Object.fromEntries(
    Object.entries(NAMES).map(([path, name]) => [
      path,
      [policyFor(HOST, SOCKET, name) ?? '', name ?? null],
    ]),
  );
}
