/**
 * The inbox without a network: keeps the files of one build of pim, all of them or none, and answers
 * with those. The list, and thereby the version, is in inbox-files.js, which the build writes.
 *
 * It keeps files of that list and nothing else, as they were fetched without cookies: no page with
 * an invitation in its address, nothing of anybody. Sockets, other origins and other paths do not
 * come through here.
 */

importScripts('/inbox-files.js'); // sets self.PIM_INBOX

const PAGE = '/inbox';
const KEPT = 'pim-inbox ';
/** Milliseconds the page itself is waited for before the kept one is shown: a bad line, not a slow one. */
const PATIENCE_MS = 3000;

/** `files`: path → its integrity; '' for those that a relay may change, as its pages. */
const { version, files } = self.PIM_INBOX;
const NAME = KEPT + version;
/** Such a name has its content's hash in it: what was kept under it is what would be fetched. */
const HASHED = /^\/chunks\/.*-[\w-]{8}\.js$/;

self.addEventListener('install', (event) => {
  // Pages that are open go on with the former files, which stay as long as these are the newest.
  self.skipWaiting();
  event.waitUntil(keepAll());
});

/** Where one file cannot be had none of them stays, and the build before goes on. */
async function keepAll() {
  const cache = await caches.open(NAME);
  try {
    for (const [path, integrity] of Object.entries(files)) {
      const had = HASHED.test(path) ? await caches.match(path) : undefined;
      await cache.put(path, had ?? (await fetched(path, integrity)));
    }
  } catch (fault) {
    await caches.delete(NAME);
    throw fault;
  }
}

/** Rejects where it is not the file of this build. */
async function fetched(path, integrity) {
  const options = { cache: 'no-cache', credentials: 'omit', redirect: 'error', integrity };
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()));
});

/** All but these files and the ones before them. */
async function forgetOld() {
  const others = (await caches.keys()).filter((name) => name.startsWith(KEPT) && name !== NAME);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin || request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    if (pathname === PAGE) event.respondWith(page(request));
  } else if (pathname in files || HASHED.test(pathname)) event.respondWith(file(request, pathname));
});

/** The relay's own page while it can be reached, so that nobody is held to an old one. */
async function page(request) {
  const kept = await caches.open(NAME).then((cache) => cache.match(PAGE));
  if (kept === undefined) return fetch(request);
  const now = fetch(request).then((response) => (response.status < 500 ? response : kept));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([now.catch(() => kept), late]);
}

/** Of this build; else of the one before it, for pages that are open since; else of the relay. */
async function file(request, path) {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) ?? (await caches.match(path)) ?? fetch(request);
}
