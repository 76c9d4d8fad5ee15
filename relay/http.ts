/**
 * The relay's answers to plain HTTP: whether it lives and is ready, its metrics, the files of its
 * site, and short refusals. GET and HEAD only. Pages bring their own Content-Security-Policy: it
 * depends on what they show.
 */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Asset } from './asset.js';
import type { Site } from './site.js';

export interface Answers {
  /** Asked at each request, because it is read while the server starts. */
  site(): Site;
  /** False while the relay takes no new clients. */
  isReady(): boolean;
  /** Text for Prometheus and its media type; null where this server does not tell. */
  readonly metrics: (() => Promise<{ readonly type: string; readonly text: string }>) | null;
  /** Whether the client is answered at all. @param waiting requests of it not answered yet */
  judge(request: IncomingMessage, waiting: number): 'answer' | 'refuse' | 'cut';
  onFault(fault: unknown): void;
}

const UNCACHED = { 'Cache-Control': 'no-store' };

export function createHandler(answers: Answers): RequestListener {
  return (request, response) => {
    // It may have sent hundreds of requests in one go: one refusal, and the connection ends with it.
    if (refused.has(request.socket)) return;
    answer(answers, request, response).catch((fault: unknown) => {
      answers.onFault(fault);
      response.destroy();
    });
  };
}

/** Connections that end as soon as their refusal is written. */
const refused = new WeakSet<Socket>();
/** Requests of a connection that are not answered yet. */
const waiting = new WeakMap<Socket, number>();

function count(socket: Socket, response: ServerResponse): number {
  const now = (waiting.get(socket) ?? 0) + 1;
  waiting.set(socket, now);
  response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
  return now;
}

async function answer(answers: Answers, request: IncomingMessage, response: ServerResponse) {
  const verdict = answers.judge(request, count(request.socket, response));
  if (verdict === 'cut') {
    // The parser would go on through all that was sent in one go.
    refused.add(request.socket);
    request.socket.destroy();
    return;
  }
  if (verdict === 'refuse') {
    say(response, 429, 'Too many requests from your network.', { Connection: 'close' });
    refused.add(request.socket);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    // The body of a refused request is not worth reading; the connection goes with it.
    return say(response, 405, 'Only GET and HEAD.', { Allow: 'GET, HEAD', Connection: 'close' });
  }
  // A query changes nothing here; pages add one to get past caches. Nothing else is normalised.
  const path = (request.url ?? '').split('?', 1)[0] as string;
  if (path === '/healthz') return say(response, 200, 'ok', UNCACHED);
  if (path === '/readyz') {
    const isReady = answers.isReady();
    return say(response, isReady ? 200 : 503, isReady ? 'ready' : 'not ready', UNCACHED);
  }
  if (path === '/metrics' && answers.metrics !== null) {
    const { text, type } = await answers.metrics();
    return say(response, 200, text, { ...UNCACHED, 'Content-Type': type });
  }
  const page = answers.site().get(path);
  if (page === undefined) return say(response, 404, 'There is nothing here.');
  if ('movedTo' in page) return say(response, 308, 'Moved.', { Location: page.movedTo });
  return sendAsset(page.asset, request, response);
}
async function sendAsset(asset: Asset, request: IncomingMessage, response: ServerResponse) {
  const { body, encoding, etag } = await asset.variant(String(request.headers['accept-encoding']));
  const headers: Record<string, string | number> = {
    ...asset.headers,
    'X-Content-Type-Options': 'nosniff',
    ETag: etag,
    Vary: 'Accept-Encoding',
  };
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  headers['Content-Type'] = asset.media.type;
  headers['Content-Length'] = body.length;
  if (encoding !== 'identity') headers['Content-Encoding'] = encoding;
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
}

/** If-None-Match, compared weakly (RFC 9110 §13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const body = text.endsWith('\n') ? text : `${text}\n`;
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
