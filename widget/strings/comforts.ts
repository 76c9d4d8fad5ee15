/**
 * The words of what a conversation has beyond saying and reading, in its chunk.
 */

import type { Text } from '../words.js';

export const COMFORT_STRINGS = {
  'message.edited': 'Edited',
  'message.deleted': 'This message was deleted',
  'message.jump': 'Newest messages',
  'message.jump-new': { one: '{n} new message', other: '{n} new messages' },
  'message.older': 'Loading earlier messages…',
  'message.is-writing': '{name} is writing…',
  'message.more': 'Show all of it',

  // What one can do with a message
  'menu.label': 'What to do with this message',
  'menu.more': 'More',
  'menu.reply': 'Reply',
  'menu.copy': 'Copy text',
  'menu.edit': 'Edit',
  'menu.delete': 'Delete',
  'menu.delete-sure': 'Delete this message?',
  'menu.delete-text': 'It goes from this device now, and from {name}’s when you are both here.',
  'menu.cancel': 'Cancel',
  'menu.react': 'React',
  'menu.react-with': 'React with {emoji}',
  'menu.emoji': 'More emoji',

  // Reactions and quotes under and in a bubble
  'reaction.by': { one: '{emoji}, {n} person', other: '{emoji}, {n} people' },
  'reaction.mine': { one: '{emoji}, from you', other: '{emoji}, {n} people, you among them' },
  'quote.jump': 'Go to the message this answers',
  'quote.gone': 'This message is not here',
  'quote.me': 'You',

  // What the next words answer or change
  'about.reply': 'Reply to {name}',
  'about.reply-me': 'Reply to yourself',
  'about.edit': 'Edit message',
  'about.end': 'Never mind',

  // Search
  'find.open': 'Search in this chat',
  'find.label': 'Search',
  'find.count': '{at} of {n}',
  'find.count-more': '{at} of {n} or more',
  'find.none': 'Nothing found',
  'find.older': 'Earlier one',
  'find.newer': 'Later one',
  'find.close': 'Close search',

  // Emoji
  'emoji.open': 'Emoji',
  'emoji.search': 'Search emoji',
  'emoji.none': 'No such emoji',
  'emoji.tone': 'Skin tone',
  'emoji.recent': 'Recent',
  'emoji.smileys_emotion': 'Smileys and feelings',
  'emoji.people_body': 'People',
  'emoji.animals_nature': 'Animals and nature',
  'emoji.food_drink': 'Food and drink',
  'emoji.travel_places': 'Travel and places',
  'emoji.activities': 'Activities',
  'emoji.objects': 'Things',
  'emoji.symbols': 'Signs',
  'emoji.flags': 'Flags',
} satisfies Record<string, Text>;
