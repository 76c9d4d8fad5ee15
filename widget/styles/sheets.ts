/**
 * Constructable style sheets: shared by all elements of a page, and untouched by a Content Security
 * Policy that forbids inline styles.
 */

const made = new Map<string, CSSStyleSheet>();

/** Adds `css` to the root, once. */
export function adopt(root: ShadowRoot, css: string): void {
  let sheet = made.get(css);
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    made.set(css, sheet);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
