/**
 * Every journey in one process: real relay, real cryptography, WebRTC among the people of the
 * process, time in a hurry where people would wait.
 */

import { test } from 'uvu';
import { World } from '../support/people.js';
import { journeySuite } from './suite.js';

journeySuite(test, async () => new World());

test.run();
