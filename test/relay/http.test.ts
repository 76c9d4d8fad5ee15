/** What the relay serves: the widget and the demo pages, and nothing else of the disk. */

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRelay, type Relay } from '../../relay/index.js';

interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

const test = suite<{ folder: string; relay: Relay }>('http');

const SCRIPT = 'export const words = "hello";\n'.repeat(200);
const FILES: Record<string, string> = {
  'dist/pim-chat.js': SCRIPT,
  'dist/pim-chat.js.map': '{"version":3}',
  'dist/panel-B2c_d-9Z.js': 'export {};\n',
  'dist/custom-elements.json': '{}',
  'dist/pim-chat.d.ts': 'export {};',
  'dist/.secret.js': 'no',
  'dist/noise.js': Array.from({ length: 300 }, (_, i) =>
    String.fromCharCode(33 + ((i * 7919) % 90)),
  ).join(''),
  'examples/index.html': '<!doctype html><title>demo</title>',
  'examples/inbox.html': '<!doctype html><title>inbox</title>',
  'examples/demo.css': 'body { margin: 0 }',
  'examples/inbox-worker.js': '/* works */',
  'examples/inbox.webmanifest': '{}',
  'examples/personal-site/index.html': '<!doctype html><title>me</title>',
  'examples/personal-site/me.png': '\x89PNG',
  'examples/server.ts': 'no',
  'package.json': '{"secret":"of the disk"}',
};

test.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'pim-relay-'));
  for (const [path, text] of Object.entries(FILES)) {
    const file = join(context.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, 'latin1');
  }
  symlinkSync(join(context.folder, 'package.json'), join(context.folder, 'dist/link.json'));
  const files = { dist: join(context.folder, 'dist'), examples: join(context.folder, 'examples') };
  context.relay = createRelay({ port: 0, files });
  await context.relay.listen();
});

test.after(async ({ folder, relay }) => {
  await relay.close();
  rmSync(folder, { recursive: true });
});

/** Sends `path` as it is written; nothing resolves dots or escapes on the way. */
async function ask(
  relay: Relay,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  const request = httpRequest({ host: '127.0.0.1', port: relay.port, path, method, headers });
  request.end();
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

test('serves the widget to every page of the web', async ({ relay }) => {
  const { body, headers, status } = await ask(relay, '/pim-chat.js');
  assert.is(status, 200);
  assert.is(body.toString(), SCRIPT);
  assert.is(headers['content-type'], 'text/javascript; charset=utf-8');
  assert.is(headers['access-control-allow-origin'], '*');
  assert.is(headers['cross-origin-resource-policy'], 'cross-origin');
  assert.is(headers['x-content-type-options'], 'nosniff');
  assert.is(headers['cache-control'], 'public, max-age=60');
  assert.is(headers['content-length'], String(SCRIPT.length));
});

test('serves the demo pages by their short names, to no other site', async ({ relay }) => {
  const pages = { '/': 'demo', '/inbox': 'inbox', '/personal-site/': 'me' };
  for (const [path, title] of Object.entries(pages)) {
    const { body, headers, status } = await ask(relay, path);
    assert.is(status, 200, path);
    assert.match(body.toString(), `<title>${title}</title>`);
    assert.is(headers['content-type'], 'text/html; charset=utf-8');
    assert.is(headers['cache-control'], 'no-cache');
    assert.is(headers['access-control-allow-origin'], undefined);
  }
  const types = { '/demo.css': 'text/css; charset=utf-8', '/personal-site/me.png': 'image/png' };
  for (const [path, type] of Object.entries(types)) {
    assert.is((await ask(relay, path)).headers['content-type'], type);
  }
  const moved = await ask(relay, '/personal-site');
  assert.is(moved.status, 308);
  assert.is(moved.headers.location, '/personal-site/');
});

test('a worker has a policy of its own, and is asked for again as pages are', async ({ relay }) => {
  const { headers } = await ask(relay, '/inbox-worker.js');
  assert.is(
    headers['content-security-policy'],
    "default-src 'none'; script-src 'self'; connect-src 'self'",
  );
  assert.is(headers['cache-control'], 'no-cache');
  assert.is(headers['access-control-allow-origin'], undefined);
  const manifest = await ask(relay, '/inbox.webmanifest');
  assert.is(manifest.headers['content-type'], 'application/manifest+json; charset=utf-8');
  assert.is((await ask(relay, '/demo.css')).headers['content-security-policy'], undefined);
});

test('names with a hash in them are kept for ever, others are asked for again', async ({
  relay,
}) => {
  const cache = async (path: string) => (await ask(relay, path)).headers['cache-control'];
  assert.is(await cache('/panel-B2c_d-9Z.js'), 'public, max-age=31536000, immutable');
  assert.is(await cache('/custom-elements.json'), 'public, max-age=60');
});

test('sends 304 for what the browser has', async ({ relay }) => {
  const { headers } = await ask(relay, '/pim-chat.js');
  const etag = headers.etag as string;
  assert.match(etag, /^"[\w-]{22}"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await ask(relay, '/pim-chat.js', { 'If-None-Match': known });
    assert.is(answer.status, 304, known);
    assert.is(answer.body.length, 0);
    assert.is(answer.headers.etag, etag);
    assert.is(answer.headers['access-control-allow-origin'], '*');
  }
  const other = await ask(relay, '/pim-chat.js', { 'If-None-Match': '"other"' });
  assert.is(other.status, 200);
});

test('compresses as asked, each form under an ETag of its own', async ({ relay }) => {
  const decode: Record<string, (body: Buffer) => Buffer> = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
  };
  const cases: [string, string | undefined][] = [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['BR', 'br'],
    ['br;q=0.000', undefined],
    ['identity', undefined],
    ['', undefined],
  ];
  const etags = new Map<string | undefined, string | undefined>();
  for (const [accepted, encoding] of cases) {
    const { body, headers } = await ask(relay, '/pim-chat.js', { 'Accept-Encoding': accepted });
    assert.is(headers['content-encoding'], encoding, accepted);
    assert.is(headers.vary, 'Accept-Encoding');
    assert.is(headers['content-length'], String(body.length));
    const plain = encoding === undefined ? body : decode[encoding]!(body);
    assert.is(plain.toString(), SCRIPT);
    if (encoding !== undefined) assert.ok(body.length < SCRIPT.length / 10);
    etags.set(encoding, headers.etag);
  }
  assert.is(new Set(etags.values()).size, 3);
  const answers = [...etags.values()].map((etag) =>
    ask(relay, '/pim-chat.js', { 'Accept-Encoding': 'br', 'If-None-Match': String(etag) }),
  );
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  assert.equal(statuses.sort(), [200, 200, 304]);
});

test('sends small and incompressible files as they are', async ({ relay }) => {
  for (const path of ['/custom-elements.json', '/noise.js', '/personal-site/me.png']) {
    const { headers } = await ask(relay, path, { 'Accept-Encoding': 'gzip, br' });
    assert.is(headers['content-encoding'], undefined, path);
  }
});

test('answers HEAD like GET without the body', async ({ relay }) => {
  for (const path of ['/pim-chat.js', '/', '/healthz', '/nothing', '/personal-site']) {
    const get = await ask(relay, path);
    const head = await ask(relay, path, {}, 'HEAD');
    assert.is(head.body.length, 0, path);
    assert.is(head.status, get.status);
    for (const each of [get, head]) delete each.headers.date;
    assert.equal(head.headers, get.headers);
  }
});

test('takes no method but GET and HEAD', async ({ relay }) => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND']) {
    const { body, headers, status } = await ask(relay, '/', {}, method);
    assert.is(status, 405, method);
    assert.is(headers.allow, 'GET, HEAD');
    assert.ok(body.length < 50);
  }
});

test('says that it is well', async ({ relay }) => {
  const { body, headers, status } = await ask(relay, '/healthz');
  assert.equal([status, body.toString(), headers['cache-control']], [200, 'ok\n', 'no-store']);
});

test('a query changes nothing', async ({ relay }) => {
  assert.is((await ask(relay, '/pim-chat.js?v=1')).status, 200);
  assert.is((await ask(relay, '/healthz?')).status, 200);
});

test('a path that was not listed at start does not exist', async ({ folder, relay }) => {
  writeFileSync(join(folder, 'dist/later.js'), 'later');
  const unlisted = ['/later.js', '/link.json', '/.secret.js', '/pim-chat.d.ts', '/server.ts'];
  const others = ['/index.html', '/inbox.html', '/inbox/', '/PIM-CHAT.JS', '/dist/pim-chat.js', ''];
  const escapes = [
    ...['/../package.json', '/./pim-chat.js', '/personal-site/../pim-chat.js', '//pim-chat.js'],
    ...[
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/%2e%2e%2fpackage.json',
      '/..%5cpackage.json',
    ],
    ...['/..\\package.json', '/pim-chat%2ejs', '/pim-chat.js%00.png', '/....//package.json'],
    ...[
      '/%c0%ae%c0%ae/package.json',
      `${folder}/package.json`,
      '/file:///etc/passwd',
      '/__proto__',
    ],
    ...['/constructor', '/pim-chat.js/', '/pim-chat.js;x', '/%', `/${'a'.repeat(4_000)}`],
  ];
  for (const path of [...unlisted, ...others, ...escapes]) {
    const { body, status } = await ask(relay, path === '' ? '/inde' : path);
    assert.is(status, 404, path);
    assert.not.match(body.toString(), 'secret');
    assert.ok(body.length < 50);
  }
});

test('a request line in absolute form, a star or a raw traversal reaches no file', async ({
  relay,
}) => {
  const lines = [
    'GET http://a/../package.json',
    'GET http://a/pim-chat.js',
    'OPTIONS *',
    'GET ../package.json',
  ];
  for (const line of lines) {
    const socket = connect(relay.port, '127.0.0.1').setEncoding('latin1');
    socket.write(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    assert.match(answer, /^HTTP\/1\.1 40[045] /, line);
    assert.not.match(answer, 'secret');
  }
});

test('an upgrade to something else, or at a path with a query, is refused', async ({ relay }) => {
  const cases: [string, string, RegExp][] = [
    ['/', 'h2c', /^HTTP\/1\.1 400 /],
    ['/?', 'websocket', /^HTTP\/1\.1 404 /],
    ['http://a/', 'websocket', /^HTTP\/1\.1 404 /],
  ];
  for (const [path, protocol, expected] of cases) {
    const socket = connect(relay.port, '127.0.0.1').setEncoding('latin1');
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    assert.match(answer, expected);
  }
});

test('folders that do not exist are empty, files that cannot be read are an error', async ({
  folder,
}) => {
  const empty = createRelay({ port: 0, files: { dist: join(folder, 'no'), examples: null } });
  await empty.listen();
  assert.is((await ask(empty, '/')).status, 404);
  assert.is((await ask(empty, '/healthz')).status, 200);
  await empty.close();
  const file = createRelay({ port: 0, files: { dist: join(folder, 'package.json') } });
  await file.listen().then(
    () => assert.unreachable(),
    (fault) => assert.is(fault.code, 'ENOTDIR'),
  );
});

test.run();
