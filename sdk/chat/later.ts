/**
 * Parts that a first conversation does not need, fetched when they are.
 */

import { later } from '../base/loaded.js';

/** What a conversation needs that has begun: edits, deletions, reactions among it. */
export const settled = later(() => import('./settled.js'));
/** What strangers who ask, and those who are answered, are to us. */
export const strangers = later(() => import('./strangers.js'));
/** What forgets somebody. */
export const removal = later(() => import('./removal.js'));
/** What brings the logs level that nobody writes on here, one's own lost ones among them. */
export const returns = later(() => import('./returns.js'));
/** What mends a store that is an older copy of itself. */
export const renewal = later(() => import('./renewal.js'));
