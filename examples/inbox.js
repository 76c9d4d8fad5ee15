/**
 * Makes the inbox start without a network: its files are kept by inbox-worker.js. Where a browser
 * has no service workers (private windows, some policies), the page is what it is without.
 */

const WORKER = '/inbox-worker.js';

if ('serviceWorker' in navigator) {
  // The page's policy lets no other script address through than this one.
  const policy = globalThis.trustedTypes?.createPolicy('pim-inbox', {
    createScriptURL: () => WORKER,
  });
  navigator.serviceWorker
    .register(policy?.createScriptURL('') ?? WORKER, { scope: '/inbox', updateViaCache: 'none' })
    .catch(() => undefined);
}
