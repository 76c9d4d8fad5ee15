/**
 * Where this script came from, and how the rest of the chat is fetched from there.
 * The build gives the classic script its own URL in place of `import.meta.url`, and the same chunks.
 */

import type { PanelModule } from './contract.js';

const SCRIPT_URL = import.meta.url;

let panel: Promise<PanelModule> | null = null;

/** Fetches the panel at the first call, and again after one that failed. */
export function loadPanel(): Promise<PanelModule> {
  panel ??= import('./panel/panel.js').catch((fault: unknown) => {
    panel = null;
    throw fault;
  });
  return panel;
}

/** The relay on the server that served this script; none where that is no web server. */
export function servingRelays(): readonly string[] {
  const server = serverUrl();
  if (server === null) return [];
  return [`${server.protocol === 'https:' ? 'wss' : 'ws'}://${server.host}`];
}

/** The inbox page of the server that served this script. */
export function servingInbox(): string | null {
  const server = serverUrl();
  return server === null ? null : new URL('/inbox', server).href;
}

function serverUrl(): URL | null {
  if (!URL.canParse(SCRIPT_URL)) return null;
  const url = new URL(SCRIPT_URL);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
}
