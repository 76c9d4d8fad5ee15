/** File name endings the relay serves, and as what. A file with another ending is not served. */

const UTF8 = '; charset=utf-8';

export interface MediaType {
  readonly type: string;
  /** Worth compressing: text is, pictures and fonts are compressed already. */
  readonly isText: boolean;
}

const text = (type: string): MediaType => ({ type: type + UTF8, isText: true });
const binary = (type: string): MediaType => ({ type, isText: false });

const BY_ENDING: ReadonlyMap<string, MediaType> = new Map([
  ['.html', text('text/html')],
  ['.js', text('text/javascript')],
  ['.css', text('text/css')],
  ['.json', text('application/json')],
  ['.map', text('application/json')],
  ['.svg', text('image/svg+xml')],
  ['.txt', text('text/plain')],
  ['.webmanifest', text('application/manifest+json')],
  ['.png', binary('image/png')],
  ['.jpg', binary('image/jpeg')],
  ['.webp', binary('image/webp')],
  ['.ico', binary('image/x-icon')],
  ['.woff2', binary('font/woff2')],
]);

export function mediaTypeOf(fileName: string): MediaType | null {
  const dot = fileName.lastIndexOf('.');
  return dot <= 0 ? null : (BY_ENDING.get(fileName.slice(dot)) ?? null);
}
