/** `npm run gallery`: a page of every state of the widget, in any theme and language, until Ctrl+C. */

import { serveGallery } from '../test/support/gallery.ts';

process.env.PIM_TEST_POLICY ??= 'strict';

const { origin } = await serveGallery();
console.log(`${origin}/all.html`);
