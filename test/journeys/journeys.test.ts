/**
 * Every journey in one process: real relay, real cryptography, WebRTC among the people of the
 * process, time in a hurry where people would wait.
 */

import { test } from 'uvu';
import { World } from '../support/people.js';
import { JOURNEYS, journeySuite } from './suite.js';

journeySuite(test, async () => new World(), JOURNEYS, 6);

test.run();
