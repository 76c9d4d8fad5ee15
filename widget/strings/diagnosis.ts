/** The words of a diagnosis: one sentence for each of its findings; in the inbox's chunk. */

import type { FindingCode } from '../../sdk/index.js';
import type { Text } from '../words.js';

type Key = `diagnosis.${FindingCode}`;

export const FINDING_STRINGS = {
  'diagnosis.relay/good': '{name} lets us in, and answers in {n} ms.',
  'diagnosis.relay/unreachable': '{name} cannot be reached.',
  'diagnosis.relay/silent': '{name} can be reached, but does not answer.',
  'diagnosis.relay/refused': '{name} turned us down.',
  'diagnosis.relay/version': '{name} speaks another version of the protocol.',
  'diagnosis.relay/foreign': 'What answers at {name} is no relay.',
  'diagnosis.relay/none': 'No relay is set, so nobody can be found.',
  'diagnosis.web-socket/blocked':
    'The relay’s server answers, but lets no live connection (WebSocket) through: this network, a program on this device or the page’s policy blocks it.',
  'diagnosis.stun/good': '{name} tells our address, in {n} ms.',
  'diagnosis.stun/same': '{name} was asked; there is no router in between.',
  'diagnosis.stun/silent': '{name} does not answer, or this network blocks UDP.',
  'diagnosis.stun/none':
    'No STUN server is set. People in other networks may only be reached through TURN.',
  'diagnosis.turn/good': '{name} passes messages on, in {n} ms there and back.',
  'diagnosis.turn/refused': '{name} refuses us.',
  'diagnosis.turn/silent': '{name} cannot be reached.',
  'diagnosis.turn/closed': '{name} gives us an address, but passed nothing on.',
  'diagnosis.turn/none':
    'No TURN server is set. Where two networks let nothing direct through, there is no way.',
  'diagnosis.turn/needed':
    'Direct connections are off and no TURN server is set, so nobody can be reached.',
  'diagnosis.clock/good': 'This device’s clock is right.',
  'diagnosis.clock/wrong': {
    one: 'This device’s clock is {n} minute off, so messages show wrong times. Set it by the network.',
    other:
      'This device’s clock is {n} minutes off, so messages show wrong times. Set it by the network.',
  },
  'diagnosis.clock/unknown': 'No relay told the time.',
  'diagnosis.storage/good':
    'Your chats are kept here, and the browser has promised not to erase them.',
  'diagnosis.storage/evictable':
    'Your chats are kept here, but the browser may erase them where the disk fills up. Keep a backup.',
  'diagnosis.storage/seven-days':
    'Safari erases what this page keeps after seven days without a visit. Add the page to the home screen, or keep a backup.',
  'diagnosis.storage/low': 'There is little space left on this device.',
  'diagnosis.storage/memory': 'Your chats are kept only while this page is open.',
  'diagnosis.storage/full': 'There is no space left on this device. Free some.',
  'diagnosis.storage/broken': 'This browser’s storage does not answer. Restart the browser.',
  'diagnosis.storage/unknown': 'The chat does not run in this tab, so its storage was not tried.',
  'diagnosis.platform/good': 'This browser has everything a chat needs.',
  'diagnosis.platform/no-webrtc':
    'This browser cannot make direct connections. A current Chrome, Edge, Firefox or Safari can.',
  'diagnosis.platform/insecure': 'This page is not secure (https).',
  'diagnosis.platform/portable':
    'This browser lacks parts of its cryptography, so a slower program takes their place.',
  'diagnosis.platform/offline': 'This device is not connected to any network.',
} satisfies { readonly [Each in Key]: Text };
