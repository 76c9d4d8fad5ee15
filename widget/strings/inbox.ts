/**
 * The words of the inbox, in its chunk.
 */

import type { Text } from '../words.js';
import { FINDING_STRINGS } from './diagnosis.js';
import { LOCK_STRINGS } from './lock.js';

export const INBOX_STRINGS = {
  // Small ones
  'chat.cancel': 'Cancel',
  'chat.copied': 'Copied',
  'chat.copy-by-hand': 'Selected: copy it with your keyboard',

  // Before there is one, and on one's own page
  'welcome.text':
    'Chat that belongs to you: your address is made on this device, and words go straight to the people you talk to.',
  'welcome.begin': 'Begin',
  'welcome.restore': 'I have a backup',
  'note.own':
    'This is your own address. Visitors see a chat with you here; what they write arrives in your inbox.',
  'note.own-link': 'Open my inbox',

  // Where another tab has it, and cannot share it
  'action.use-here': 'Use here',

  // Inbox
  'inbox.empty': 'No chats yet',
  'inbox.empty-text': 'Share your link, or write to somebody whose address you have.',
  'inbox.choose': 'Choose a chat',
  'inbox.new': 'New chat',
  'inbox.me': 'My address',
  'inbox.settings': 'Settings',
  'inbox.requests': { one: '{n} request', other: '{n} requests' },
  'inbox.unread': { one: '{n} unread message', other: '{n} unread messages' },
  'inbox.mine': 'You: {text}',
  'inbox.nothing-said': 'Nothing said yet',

  // Requests
  'request.title': 'Somebody wants to talk to you',
  'request.unnamed': 'No name given',
  'request.says': 'They call themselves {name}',
  'request.by': 'Came by your invitation “{label}”',
  'request.by-mine': 'Came by an invitation of yours',
  'request.plain': 'Came without an invitation of yours',
  'request.address': 'Their address',
  'request.unanswered': 'They learn nothing, not even that you are here, until you accept.',
  'request.accept': 'Accept',
  'request.decline': 'Decline',
  'request.block': 'Block',

  // Writing to somebody new
  'add.title': 'New chat',
  'add.label': 'Address or link',
  'add.hint': 'An address begins with pim1 and has 63 characters. A link holds one after its #.',
  'add.go': 'Continue',
  'invitation.title': 'Write to this person?',
  'invitation.text':
    'This link invites you to a chat. Nothing is sent, and none of its relays is contacted, before you say yes.',
  'invitation.relays': 'The link names these relays, which will learn your IP address:',
  'invitation.yes': 'Write to them',
  'invitation.no': 'Not now',

  // My address
  'me.title': 'My address',
  'me.text': 'Whoever opens this link, or scans this code, can ask to talk to you.',
  'me.copy-link': 'Copy link',
  'me.address': 'My address',
  'me.copy-address': 'Copy address',
  'me.qr': 'QR code of my link',

  // Invitations
  'invitations.title': 'Invitations',
  'invitations.text':
    'A link for each place or person. Each can be stopped alone, and you see by which of them people come.',
  'invitations.label': 'What is it for?',
  'invitations.label-example': 'My site, the workshop, Sam’s card…',
  'invitations.days': 'Good for',
  'invitations.no-end': 'As long as I leave it open',
  'invitations.for-days': { one: '{n} day', other: '{n} days' },
  'invitations.uses': 'How many people',
  'invitations.any-number': 'Any number',
  'invitations.for-people': { one: '{n} person', other: '{n} people' },
  'invitations.welcome': 'Let people in at once, without asking me',
  'invitations.make': 'Make an invitation',
  'invitations.plain': 'My everyday link',
  'invitations.is-open': 'Open',
  'invitations.is-paused': 'Paused',
  'invitations.is-expired': 'Has run out',
  'invitations.is-used-up': 'Used up',
  'invitations.used': { one: '{n} person came by it', other: '{n} people came by it' },
  'invitations.used-of': {
    one: '{n} person of {max} came by it',
    other: '{n} people of {max} came by it',
  },
  'invitations.until': 'until {date}',
  'invitations.refused': { one: '{n} turned away', other: '{n} turned away' },
  'invitations.policy-ask': 'Whoever comes by it waits for your answer.',
  'invitations.policy-accept':
    'Whoever comes by it is let in at once, while this device is online.',
  'invitations.policy-contacts': 'Nobody new comes in by it.',
  'invitations.qr': 'QR code of this link',
  'invitations.snippet': 'Copy the code for a page',
  'invitations.pause': 'Pause',
  'invitations.resume': 'Open again',
  'invitations.withdraw': 'Withdraw',
  'invitations.withdraw-text':
    'Nobody comes in by this link any more, and it cannot be opened again. Who came by it stays.',

  // Settings
  'settings.title': 'Settings',
  'settings.name': 'My name',
  'settings.name-hint': 'People you write to see it. It can stay empty.',
  'settings.save': 'Save',
  'settings.saved': 'Saved',
  'settings.telling': 'What others see',
  'settings.receipts': 'That I have read a message',
  'settings.typing': 'That I am writing',
  'settings.telling-hint': 'You see the same of others only where you both turn it on.',
  'settings.alerts': 'When something comes and I look elsewhere',
  'settings.sound': 'A sound',
  'settings.notice': 'A notice of the system',
  'settings.notice-refused': 'The browser does not allow it for this page.',
  'settings.kept': 'Kept on this device',
  'settings.persistent':
    'Your address and chats are kept in this browser, for this site. Clearing its data erases them: keep a backup.',
  'settings.memory':
    'Your address and chats are kept only while this page is open. Closing or reloading it erases them.',
  'settings.used': 'This site keeps {used} here, of at most {quota}.',
  'settings.last-backup': 'Last backup: {date}',
  'settings.no-backup': 'Last backup: never',
  'settings.persist': 'Ask the browser to keep it',
  'settings.persist-refused':
    'It was asked just now, and has not promised it. Browsers rather do for sites that are visited often or installed as an app.',
  'settings.backup': 'Backup',
  'settings.relays': 'Relays',
  'settings.relay-online': 'Connected',
  'settings.relay-connecting': 'Connecting…',
  'settings.relay-waiting': 'Not reachable, tried again by itself',
  'settings.relay-refused': 'Turned us down',
  'settings.relay-closed': 'Closed',
  'settings.altered': {
    one: 'It changed {n} message on the way. It was noticed and dropped.',
    other: 'It changed {n} messages on the way. They were noticed and dropped.',
  },
  'settings.erase': 'Erase everything here',
  'settings.erase-text':
    'Your address, contacts and messages on this device are gone for good. Nobody can bring them back.',
  'settings.erase-sure': 'Yes, erase everything',

  'settings.about': 'pim-chat {version}, protocol {n}.',
  'settings.licence': 'Licence: {name}',
  'settings.diagnosis': 'Check the connection',

  // A look at everything a conversation rests on
  'diagnosis.title': 'Check the connection',
  'diagnosis.running': 'One moment: everything a chat rests on is tried…',
  'diagnosis.is-good': 'All is well.',
  'diagnosis.is-warning': 'It works, with something to know.',
  'diagnosis.is-bad': 'Something stands in the way.',
  'diagnosis.failed': 'The check itself could not be made here.',
  'diagnosis.again': 'Check again',
  'diagnosis.copy': 'Copy the report',
  'diagnosis.copy-hint': 'For whoever helps you. It holds no address, no key, no name of a server.',
  'diagnosis.of-relay': 'Relay',
  'diagnosis.of-web-socket': 'WebSocket',
  'diagnosis.of-stun': 'The way out (STUN)',
  'diagnosis.of-turn': 'The way around (TURN)',
  'diagnosis.of-clock': 'Clock',
  'diagnosis.of-storage': 'Storage',
  'diagnosis.of-platform': 'Browser',
  'diagnosis.sign-good': 'good',
  'diagnosis.sign-warning': 'take note',
  'diagnosis.sign-bad': 'not working',
  'diagnosis.sign-skipped': 'not set',
  ...FINDING_STRINGS,

  // Backups
  'backup.title': 'Backup',
  'backup.text':
    'Your address and chats live in this browser alone. With a backup you can bring them to another one, or back here.',
  'backup.file': 'A file with everything',
  'backup.passphrase': 'Passphrase',
  'backup.passphrase-hint':
    'At least 10 characters. Write it down: without it nobody opens the file, not even you.',
  'backup.save': 'Save the file',
  'backup.saving': 'Saving…',
  'backup.saved': 'Saved to your downloads. Keep it, and the passphrase, in a safe place.',
  'backup.words': '24 words',
  'backup.words-text':
    'They are your address on paper, without chats and contacts. Whoever reads them can be you.',
  'backup.words-show': 'Show the words',
  'restore.title': 'Restore a backup',
  'restore.file': 'Backup file',
  'restore.words': 'Or your 24 words',
  'restore.open': 'Open',
  'restore.opening': 'One moment…',
  'restore.whose': 'This backup is of the address',
  'restore.made': {
    one: 'Made: {date}. It brings {n} contact.',
    other: 'Made: {date}. It brings {n} contacts.',
  },
  'restore.key-alone': 'It brings the address alone, no chats and no contacts.',
  'restore.go': 'Use it here',
  'restore.replace': 'Replace what is here',
  'restore.replace-text':
    'Another address lives in this browser now. It, its contacts and its chats are gone for good if you go on.',
  'restore.backup/invalid':
    'This is no backup. Choose the file you saved, or check the words: 24 of them, in their order.',
  'restore.backup/passphrase': 'This passphrase does not open the file.',
  'restore.backup/no-seed':
    'This address was made before there were backups, so that its key cannot leave this browser.',
  'restore.backup/too-large': 'There is too much here for one file.',

  ...LOCK_STRINGS,

  // About one person
  'person.title': 'About this chat',
  'person.name': 'Name',
  'person.name-hint': 'Only you see the name you give here.',
  'person.calls': 'Calls themselves {name}',
  'person.came-by': 'Came by your invitation “{label}”',
  'person.address': 'Address',
  'person.safety': 'Safety number',
  'person.safety-text':
    'Compare it with {name} by another way: read it out in a call, or scan the code on their screen. If both are the same, nobody is in between.',
  'person.safety-qr': 'QR code of the safety number',
  'person.compare': 'It is the same',
  'person.compared': 'You found it to be the same: {date}',
  'person.compared-not': 'Forget that I compared it',
  'person.connection': 'Connection',
  'person.hide': 'Hide my IP address',
  'person.hide-text':
    'Two devices that connect directly learn each other’s IP address. Hidden, all goes through a server in between, still sealed, and {name} sees that server’s address instead.',
  'person.block': 'Block',
  'person.block-text': '{name} will not be able to reach you, and is not told.',
  'person.unblock': 'Unblock',
  'person.remove': 'Remove chat',
  'person.remove-text': 'The person and all messages with them are erased from this device.',
} satisfies Record<string, Text>;
