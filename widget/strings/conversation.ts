/**
 * The words of a conversation with one person, and of everything that can stand in its place.
 */

import type { Text } from '../words.js';

export const CONVERSATION_STRINGS = {
  // Names and places
  'chat.label': 'Chat',
  'chat.inbox': 'Chats',
  'chat.other': 'the other person',
  'chat.back': 'Back to all chats',
  'chat.close': 'Close chat',
  'chat.details': 'About this chat',
  'chat.dismiss': 'Dismiss',
  'chat.loading': 'One moment…',

  // Connection to one person, in the header
  'status.private': 'Direct and end-to-end encrypted',
  'status.starting': 'Getting ready…',
  'status.joining': 'Connecting…',
  'status.unreachable': 'No connection',
  'status.new': 'Not in touch yet',
  'status.requested': 'Waiting for a yes',
  'status.calling': 'Looking for {name}…',
  'status.connecting': 'Connecting…',
  'status.direct': 'Here now',
  'status.relayed': 'Here now, through a relay server',
  'status.away': 'Away',
  'status.away-since': 'Away, last here {time}',
  'status.no-route': 'Here, but not reachable',
  'status.blocked': 'Blocked',

  // Messages
  'message.log': 'Messages with {name}',
  'message.from': '{name}: {text}',
  'message.waiting': 'Waits here',
  'message.sent': 'Sent',
  'message.delivered': 'Delivered',
  'message.read': 'Read',
  'message.new': 'New',
  'message.begin': 'This is the beginning of your chat.',

  // What happens to words that cannot arrive yet
  'wait.request':
    'Your message waits until {name} accepts it. It stays on this device, and goes over when you are both here.',
  'wait.away': 'Waits on this device until you are both here.',
  'wait.first':
    'Your first message is a request. It reaches {name} when you are both here; until then it waits on this device.',
  'empty.title': 'Say hello',
  'empty.text': 'What you write goes straight to {name}, end-to-end encrypted. No server keeps it.',

  // Composer
  'composer.label': 'Your message',
  'composer.placeholder': 'Write a message',
  'composer.send': 'Send',
  'composer.name': 'Your name, if you like',
  'composer.left': { one: '{n} character left', other: '{n} characters left' },
  'composer.too-long': {
    one: 'Too long by {n} character. Send it in parts.',
    other: 'Too long by {n} characters. Send it in parts.',
  },
  'composer.disabled': 'This chat is closed at the moment.',
  'composer.blocked': 'You blocked {name}.',
  'composer.unblock': 'Unblock',

  // Lasting notes above the conversation
  'note.insecure':
    'This page is not secure: whoever is on the network in between can change the chat itself.',
  'note.memory': 'Kept only while this page is open.',
  'action.retry': 'Try again',
  'action.reload': 'Reload the page',
} satisfies Record<string, Text>;
