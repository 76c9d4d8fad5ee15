/** Which pim this is. */

import type { Ui } from '../panel/ui.js';

/** Of package.json; a test holds them together, so that no page pays for reading that file. */
export const VERSION = '0.1.0';
/** Digits of the hash over the sources, put in by the build; '' where they run as they are. */
export const BUILD: string = '';
/** Of docs/protocol.md: `PROTOCOL_VERSION`, held together likewise. */
export const PROTOCOL = 1;
export const LICENCE = 'MIT';

export function About({ ui: { words } }: { ui: Ui }) {
  // Semantic Versioning §10: what stands behind the plus tells builds of one version apart.
  const version = BUILD ? `${VERSION}+${BUILD}` : VERSION;
  return (
    <p class="hint about">
      {words('settings.about', { version, n: PROTOCOL })}{' '}
      <a href={`https://spdx.org/licenses/${LICENCE}.html`} target="_blank" rel="noopener">
        {words('settings.licence', { name: LICENCE })}
      </a>
    </p>
  );
}
