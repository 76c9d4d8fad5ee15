/**
 * What the relay serves: the widget's files and the demo pages, listed and read once at start. A
 * request is looked up by its exact path; no request ever builds the path of a file.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Asset } from './asset.js';
import { mediaTypeOf } from './media-types.js';

/** Folders to serve; null serves nothing of its kind. */
export interface SiteFolders {
  /** The built widget: readable from every page of the web. */
  readonly dist: string | null;
  /** Pages of this relay itself. */
  readonly examples: string | null;
}

export type Page = { readonly asset: Asset } | { readonly movedTo: string };

/** Request path → what is there. */
export type Site = ReadonlyMap<string, Page>;

/** A build gives chunks eight characters of their content's hash, so such a name never changes. */
const HASHED = /-(?=[^.]*[A-Z0-9])[\w-]{8}\.(?:js|css)(?:\.map)?$/;
const FOREVER = 'public, max-age=31536000, immutable';
/**
 * Entry names stay the same over versions. A minute bounds how long a page may ask for chunks that
 * a newer build has renamed.
 */
const SHORT = 'public, max-age=60';
const ALWAYS_ASK = 'no-cache';
/** A worker has no page that could bring a policy: its own is in its header (CSP 3 §4.2.2). */
const WORKER = /-worker\.js$/;
const WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";

/** @throws what node:fs throws, except that a folder which does not exist is empty */
export async function readSite(folders: SiteFolders): Promise<Site> {
  const site = new Map<string, Page>();
  for (const file of await list(folders.examples)) {
    const asset = await read(file, {
      'Cache-Control': ALWAYS_ASK,
      ...(WORKER.test(file.path) && { 'Content-Security-Policy': WORKER_POLICY }),
    });
    if (asset === null) continue;
    const path = pagePath(file.path);
    site.set(path, { asset });
    if (path.length > 1 && path.endsWith('/')) site.set(path.slice(0, -1), { movedTo: path });
  }
  for (const file of await list(folders.dist)) {
    const asset = await read(file, {
      'Cache-Control': HASHED.test(file.path) ? FOREVER : SHORT,
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    if (asset !== null) site.set(file.path, { asset });
  }
  return site;
}

interface FoundFile {
  /** Beginning with a slash, whatever the system's separator is. */
  readonly path: string;
  readonly file: string;
}

/** Regular files below `folder`; links and names that begin with a dot are left out. */
async function list(folder: string | null, prefix = '/'): Promise<FoundFile[]> {
  if (folder === null) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((fault: unknown) => {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT' && prefix === '/') return [];
    throw fault;
  });
  const found: FoundFile[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const file = join(folder, entry.name);
    if (entry.isFile()) found.push({ path: prefix + entry.name, file });
    else if (entry.isDirectory()) found.push(...(await list(file, `${prefix}${entry.name}/`)));
  }
  return found;
}

async function read(found: FoundFile, headers: Record<string, string>): Promise<Asset | null> {
  const media = mediaTypeOf(found.path.slice(found.path.lastIndexOf('/') + 1));
  return media === null ? null : new Asset(await readFile(found.file), media, headers);
}

/** `/index.html` → `/`, `/inbox.html` → `/inbox`, `/a/index.html` → `/a/`; others as they are. */
function pagePath(path: string): string {
  if (path.endsWith('/index.html')) return path.slice(0, -'index.html'.length);
  return path.endsWith('.html') ? path.slice(0, -'.html'.length) : path;
}
