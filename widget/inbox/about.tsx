/** Which pim this is. */

import type { Ui } from '../panel/ui.js';

/** Of package.json; a test holds them together, so that no page pays for reading that file. */
export const VERSION = '0.1.0';
/** Of docs/protocol.md: `PROTOCOL_VERSION`, held together likewise. */
export const PROTOCOL = 1;
export const LICENCE = 'MIT';

export function About({ ui: { words } }: { ui: Ui }) {
  return (
    <p class="hint about">
      {words('settings.about', { version: VERSION, n: PROTOCOL })}{' '}
      <a href={`https://spdx.org/licenses/${LICENCE}.html`} target="_blank" rel="noopener">
        {words('settings.licence', { name: LICENCE })}
      </a>
    </p>
  );
}
