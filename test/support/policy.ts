/**
 * The strictest Content Security Policy under which the chat works, as docs/widget.md gives it, for
 * every page that a test opens. `PIM_TEST_POLICY=none` leaves it away; the runner sets `strict`.
 */

import { readFileSync } from 'node:fs';

/** What a page says of itself, beside its policy: a name of `BEYOND`. */
export const PAGE_HEADER = 'pim-test-page';

interface Allowance {
  readonly why: string;
  /** Directive → sources for the page's own things; null: no policy at all. */
  readonly adds: Readonly<Record<string, string>> | null;
}

/** Pages that need more than the chat does, all of them: no other page is without the policy. */
export const BEYOND = {
  demo: {
    why: 'its own style sheet and pictures; it reads its script to write `integrity` into a tag',
    adds: { 'style-src': "'self'", 'img-src': "'self'", 'connect-src': "'self'" },
  },
  inbox: {
    why: 'its own style sheet and icon; as an app its manifest and its worker, which Trusted Types take by a policy',
    adds: {
      'style-src': "'self'",
      'img-src': "'self'",
      'manifest-src': "'self'",
      'worker-src': "'self'",
      'trusted-types': 'pim-inbox',
    },
  },
  'personal site': {
    why: 'somebody’s page with a style sheet',
    adds: { 'style-src': "'self'", 'img-src': 'data:' },
  },
  svelte: {
    why: 'Svelte makes its templates by a Trusted Types policy',
    adds: { 'trusted-types': 'svelte-trusted-html' },
  },
  vue: { why: 'Vue makes a Trusted Types policy', adds: { 'trusted-types': 'vue' } },
  storage: {
    why: 'a worker of the test stands for another page that uses the store',
    adds: { 'worker-src': 'blob:', 'trusted-types': 'another-page' },
  },
  'early calls': {
    why: 'the inline script in which a page calls before pim-chat.iife.js has arrived',
    adds: { 'script-src': "'unsafe-inline'" },
  },
  'index of scenes': {
    why: 'for people: shows the scenes in frames',
    adds: { 'style-src': "'self'", 'frame-src': "'self'" },
  },
  hostile: { why: 'what its own inline scripts and styles do to the chat is the test', adds: null },
  free: { why: 'that the chat works without a policy is the test', adds: null },
} as const satisfies Readonly<Record<string, Allowance>>;

export type PageName = keyof typeof BEYOND;

export const isStrict = (): boolean => process.env.PIM_TEST_POLICY === 'strict';

type Policy = ReadonlyMap<string, readonly string[]>;

const parse = (text: string): Policy =>
  new Map(
    text
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .map(([name = '', ...sources]) => [name, sources] as const),
  );

const print = (policy: Policy): string =>
  [...policy].map(([name, sources]) => [name, ...sources].join(' ')).join('; ');

const documented: Policy = (() => {
  const text = readFileSync(new URL('../../docs/widget.md', import.meta.url), 'utf8');
  const block = /```\n(default-src 'none';[\s\S]*?)```/.exec(text)?.[1];
  if (block === undefined) throw new Error('docs/widget.md gives no policy');
  return parse(block.trim());
})();

/** `policy` with what `page` may beyond it; null where that page has none. */
function widened(policy: Policy, page: PageName | undefined): Policy | null {
  if (page === undefined) return policy;
  const { adds }: Allowance = BEYOND[page];
  if (adds === null) return null;
  const wider = new Map(policy);
  for (const [name, source] of Object.entries(adds)) {
    const before = (wider.get(name) ?? []).filter((each) => each !== "'none'");
    wider.set(name, [...before, source]);
  }
  return wider;
}

/**
 * The documented header, with real servers in the place of the examples.
 * @param scripts origins of scripts
 * @param sockets origins of relays
 * @returns null for a page that has none
 */
export function policyFor(
  scripts: readonly string[],
  sockets: readonly string[],
  page?: PageName,
): string | null {
  const servers = new Map([
    ['https://relay.example', scripts],
    ['wss://relay.example', sockets],
  ]);
  const filled = [...documented].map(
    ([name, sources]) =>
      [name, [...new Set(sources.flatMap((each) => servers.get(each) ?? [each]))]] as const,
  );
  const policy = widened(new Map(filled), page);
  return policy && print(policy);
}

/** As who wrote the page would have it: the servers that its own tags name. */
export function policyOfPage(body: string, origin: string, page?: PageName): string | null {
  const scripts = [...body.matchAll(/<script[^>]*\ssrc="?([^"\s>]+)/g)].map(
    ([, src = '']) => new URL(src, origin).origin,
  );
  return policyFor(
    scripts,
    scripts.map((each) => each.replace(/^http/, 'ws')),
    page,
  );
}

const ORIGIN = /^(?:https?|wss?):\/\/[\w.-]+(?::(?:\d+|\*))?$/;
const comparable = (policy: Policy | null): string =>
  policy === null
    ? 'none'
    : [...policy]
        .map(([name, sources]) =>
          [name, ...sources.filter((each) => !ORIGIN.test(each)).sort()].join(' '),
        )
        .join('; ');

/** Whether `header` is the documented policy, whatever its servers, for a page of that name. */
export function isDocumented(header: string | undefined, name: string | undefined): boolean {
  if (name !== undefined && !Object.hasOwn(BEYOND, name)) return false;
  const wanted = comparable(widened(documented, name as PageName | undefined));
  return comparable(header === undefined ? null : parse(header)) === wanted;
}
