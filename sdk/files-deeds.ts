/**
 * What one does with files, fetched at the first use.
 */

import { type Access, findConversation, keyOfAddress } from './access.js';
import { type Bytes, utf8 } from './base/bytes.js';
import { cleanLine, invalidOption } from './base/check.js';
import { loaded } from './base/loaded.js';
import type { Conversation } from './chat/conversation.js';
import { isShown, type StoredEntry } from './chat/entry-rows.js';
import type { FileStatus } from './chat/files/file-status.js';
import type { SharedFile } from './chat/files/shared-file.js';
import { unknownMessage } from './chat/shelf.js';
import { checkText, type FileToSend, refOf } from './content.js';
import type { Message } from './events.js';
import type { EntryBody } from './protocol/entry.js';
import { MAX_FILE_NAME_BYTES } from './protocol/limits.js';

export async function send(
  access: Access,
  to: string,
  file: Blob,
  { text = '', replyTo, name, handle, signal, once }: FileToSend = {},
): Promise<Message> {
  const { chat, view } = access.running();
  if (!(file instanceof Blob)) throw invalidOption('file', 'a File or a Blob');
  const words = text === '' ? '' : checkText(text);
  const answered = refOf(replyTo, 'replyTo');
  const called = nameOf(name ?? (file as Partial<File>).name ?? '');
  const isId = /^[0-9a-f]{32}$/.test(to);
  const key = isId ? findConversation(access, to).peer : keyOfAddress(access, to);
  const files = await chat.files();
  const source = await files.source(file, signal);
  const facts = { size: file.size, root: source.root, name: called, type: typeOf(file.type) };
  const body = { kind: 'text', text: words, replyTo: answered, file: facts } as const;
  const { conversation, stored } = await write(access, key, body, once);
  const message = stored && view.message(conversation, stored);
  if (!stored || !message) throw unknownMessage();
  await files.begin(conversation, stored, source, handle);
  return message;
}

async function write(access: Access, key: Bytes, body: EntryBody, once: string | undefined) {
  const { chat } = access.running();
  if (once === undefined) return chat.send(key, body);
  const { id } = await (await loaded(import('./once.js'))).send(access, key, body, once);
  const conversation = await chat.conversations.open(key);
  const ref = refOf(id, 'id');
  return { conversation, stored: ref && (await conversation.get(ref)) };
}

export async function status(access: Access, target: string, id: string): Promise<FileStatus> {
  return (await find(access, target, id)).status;
}

export async function accept(access: Access, target: string, id: string): Promise<void> {
  await (await find(access, target, id)).accept();
}

export async function decline(access: Access, target: string, id: string): Promise<void> {
  await (await find(access, target, id)).decline();
}

export async function pause(access: Access, target: string, id: string): Promise<void> {
  await (await find(access, target, id)).pause();
}

export async function resume(access: Access, target: string, id: string): Promise<void> {
  await (await find(access, target, id)).resume();
}

export async function cancel(access: Access, target: string, id: string): Promise<void> {
  await (await find(access, target, id)).cancel();
}

export async function provide(
  access: Access,
  target: string,
  id: string,
  blob: Blob,
): Promise<void> {
  if (!(blob instanceof Blob)) throw invalidOption('file', 'a File or a Blob');
  await (await find(access, target, id)).provide(blob);
}

export async function read(access: Access, target: string, id: string): Promise<File> {
  return (await find(access, target, id)).file();
}

async function find(access: Access, target: string, id: string): Promise<SharedFile> {
  const conversation: Conversation = findConversation(access, target);
  const ref = refOf(id, 'id');
  const stored: StoredEntry | null = ref === null ? null : await conversation.get(ref);
  if (stored === null || !isShown(stored)) throw unknownMessage();
  return (await access.running().chat.files()).of(conversation, stored);
}

/** As much of a name as the protocol carries; a long one keeps its ending. */
function nameOf(given: unknown): string {
  if (typeof given !== 'string') throw invalidOption('name', 'a text');
  const clean = cleanLine(given);
  if (utf8(clean).length <= MAX_FILE_NAME_BYTES) return clean;
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(clean)?.[0] ?? '';
  let [name, bytes] = ['', utf8(ending).length];
  for (const point of clean) {
    bytes += utf8(point).length;
    if (bytes > MAX_FILE_NAME_BYTES) break;
    name += point;
  }
  return name + ending;
}

function typeOf(given: string): string {
  const type = given.toLowerCase();
  return utf8(type).length <= MAX_FILE_NAME_BYTES ? type : '';
}
