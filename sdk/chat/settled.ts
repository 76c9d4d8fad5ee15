/**
 * What a conversation needs that has begun: edits, deletions and reactions, patience with a full disk,
 * how the connection travels. Fetched once somebody is connected, while the page's own server is
 * likely to be there.
 */

export { routeTo } from '../peer/route.js';
export { Folding } from './folding.js';
export { writeAgain } from './full-disk.js';
