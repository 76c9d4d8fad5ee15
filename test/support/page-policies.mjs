/**
 * Gives the pages of a relay a policy, as a proxy before it would. Loaded into `pim relay`
 * (`--import`) with the pages in PIM_TEST_PAGES: path → [policy, name], `HOST` for the host asked.
 */

import { subscribe } from 'node:diagnostics_channel';

/** Of all HTTP servers of this process. A page's own header, where the relay gives one, goes before. */
export function givePolicies(pages) {
  subscribe('http.server.request.start', ({ request, response }) => {
    const given = pages[new URL(request.url ?? '/', 'http://host').pathname];
    if (given === undefined) return;
    const [policy, name] = given;
    response.setHeader(
      'Content-Security-Policy',
      policy.replaceAll('HOST', request.headers.host ?? ''),
    );
    if (name !== null) response.setHeader('pim-test-page', name);
  });
}

if (process.env.PIM_TEST_PAGES !== undefined) givePolicies(JSON.parse(process.env.PIM_TEST_PAGES));
