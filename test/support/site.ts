/**
 * Somebody's web site, on an origin of its own. Its pages come with the documented policy, unless they
 * bring one or are named as pages that need more.
 */

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isStrict, PAGE_HEADER, type PageName, policyOfPage } from './policy.js';

export interface Answer {
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** A page that needs more than the documented policy. */
  readonly page?: PageName | undefined;
}

export interface SiteServer {
  /** `http://127.0.0.1:port`: loopback, so a secure context. */
  readonly origin: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  close(): void;
}

function policyHeaders(answer: Answer, origin: string): Record<string, string> {
  if (!answer.type.startsWith('text/html')) return {};
  const policy = isStrict() ? policyOfPage(String(answer.body), origin, answer.page) : null;
  return {
    ...(policy !== null && { 'content-security-policy': policy }),
    ...(answer.page !== undefined && { [PAGE_HEADER]: answer.page }),
  };
}

/** @param answer null is a 404 */
export async function serveSite(
  answer: (path: string, request: IncomingMessage) => Promise<Answer | null> | Answer | null,
): Promise<SiteServer> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    asked.push(path);
    const found = await answer(path, request);
    response.writeHead(found ? 200 : 404, {
      'content-type': found?.type ?? 'text/plain',
      'access-control-allow-origin': '*',
      ...(found && policyHeaders(found, `http://${request.headers.host}`)),
      ...found?.headers,
    });
    response.end(found?.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export const html = (body: string, page?: PageName): Answer => ({
  type: 'text/html; charset=utf-8',
  body: `<!doctype html><html lang="en"><title>a site</title>${body}</html>`,
  page,
});
