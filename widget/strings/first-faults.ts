/**
 * The faults that can keep the rest of the words from being fetched, or that come before there was
 * time to: said at once. All others are in faults.ts.
 */

export const FIRST_FAULTS = {
  'fault.unknown': 'Something went wrong. Try again, or reload the page.',
  'fault.platform/unsupported':
    'This browser cannot make direct connections. A current Chrome, Edge, Firefox or Safari can.',
  'fault.platform/insecure':
    'This page is not secure (https), so a private chat is not possible here.',
  'fault.relay/none': 'No relay can be reached. Check your internet connection.',
  'fault.peer/no-route':
    'Your networks let no direct connection through. Another one, such as mobile data, may help.',
  'fault.storage/full': 'There is no space left on this device. Free some, then try again.',
  'fault.storage/failed': 'This device could not keep it. Try again.',
  'fault.pim/elsewhere': 'This chat is open in another tab.',
};
