/** What stands on every page of a hostile relay, so that nobody takes it for a real one. */

import { Asset } from '../asset.js';
import type { Page, Site } from '../site.js';

/** Behind the tag, wherever the page has its first line of text. */
const BODY = /<body[^>]*>/i;

/** The same site, with a warning at the head of each page. */
export async function warned(site: Site, attacks: readonly string[]): Promise<Site> {
  const text = `This relay attacks whoever uses it, on purpose (${attacks.join(', ')}). It is for tests.`;
  const warning = `<p class="evil-warning" role="alert">${text}</p>`;
  const pages = [...site].map(async ([path, page]): Promise<[string, Page]> => {
    if ('movedTo' in page || !page.asset.media.type.startsWith('text/html')) return [path, page];
    const { media, headers } = page.asset;
    const html = (await page.asset.variant('identity')).body.toString();
    const marked = Buffer.from(html.replace(BODY, (body) => `${body}\n${warning}`));
    return [path, { asset: new Asset(marked, media, headers) }];
  });
  return new Map(await Promise.all(pages));
}
