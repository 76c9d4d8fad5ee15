/**
 * An SDK in memory for the widget's tests and its gallery: what the widget asks is kept, what it
 * hears is said by the test. It opens nothing and waits for nothing.
 */

import type {
  ConnectionStatus,
  Contact,
  ContactRequest,
  ConversationSummary,
  Diagnosis,
  IssuedInvitation,
  Kept,
  Message,
  MessageContent,
  PimEvents,
  RelayStatus,
} from '../../sdk/index.js';
import { type FileStatus, PimError } from '../../sdk/index.js';
import type { FilesPort, PimPort } from '../../widget/port.js';
import { FakeKey, lockOf, WORDS } from './fake-lock.js';

/** Valid addresses of nobody; the keys of fixed seeds. */
export const ME = 'pim1qqz3uccwaxwh0xl3af04ag9q9l30vl3fh76u70r6jt0ekknzj62aquenhn4';
export const ADA = 'pim1q9n4wd83kzw4vqpqnhzwvhl2jcwtlprhez39p33jn9qjjp6yvcz4swzwk7z';
export const GRACE = 'pim1qq8dgx2l7ry6rg0lu9p65wefqlc30qpw6nqesempsn8wf3xj7gluqzd06k6';
export const LIN = 'pim1qj7e0xpcqrplfpp4h6fpk023uvhgw89xy56yxh62ldalv83hhf3jslqpmcj';
export const NOOR = 'pim1q4redn6jt9gwajvuag27yu0dtzr8r3e33g6ayws0ja69kmcagmqeser74mw';
export const SAM = 'pim1qnr02fxk5qxz2stpnu57whkf9s799j30ef8nsfcpqu8lat4cehpps0tv0s5';
export const STRANGER = 'pim1qwwgextxkx6tq97my0l4jxjjy5qxh3aj83l923llfc9ulksapqq0qr06zqq';
export const OTHER = 'pim1qd74773krpmu86ef334t2zpuxygfc3tgup57eus73a6pvw223arjqfeq0fa';

type Handler = (event: never) => void;

/** What a test may make it refuse. */
export type Refusals = Partial<
  Record<'start' | 'send' | 'accept' | 'setName' | 'relayOnly', Error>
>;

export class FakePim extends FakeKey implements PimPort {
  readonly me: string;
  name = '';
  privacy = { receipts: false, typing: false };
  isPersistent = true;
  kept: Omit<Kept, 'isPersistent'> = {
    isPersisted: false,
    usedBytes: 2_345_678,
    quotaBytes: 10_700_000_000,
    erasesAfterDays: null,
    lastBackupAt: null,
    isLocked: false,
  };
  /** What the browser answers when it is asked to keep it all. */
  promises = true;
  state: PimPort['state'] = 'stopped';
  readonly refuse: Refusals = {};
  /** Names of the calls made, in order. */
  readonly calls: string[] = [];
  readonly messages = new Map<string, Message[]>();
  readonly drafts = new Map<string, string>();
  /** Sizes of the pages of history that were read. */
  readonly reads: number[] = [];
  readonly #contacts = new Map<string, Contact>();
  readonly #requests = new Map<string, ContactRequest>();
  readonly #connections = new Map<string, ConnectionStatus>();
  readonly #unread = new Map<string, number>();
  readonly #relays = new Map<string, RelayStatus>();
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #files = new Map<string, { status: FileStatus; content: File | null }>();
  #count = 0;

  constructor(me: string) {
    super();
    this.me = me;
  }

  get address(): string {
    if (this.state !== 'started') throw new PimError('pim/not-started', 'not started', null);
    return this.me;
  }

  async start(options: { takeOver?: boolean } = {}): Promise<void> {
    this.calls.push(options.takeOver === true ? 'start with take-over' : 'start');
    if (this.isShut) throw new PimError('identity/locked', '', { address: this.me });
    const { start } = this.refuse;
    if (start !== undefined) {
      const isTaken = 'code' in start && start.code === 'pim/elsewhere';
      if (!isTaken || options.takeOver !== true) throw start;
    }
    this.state = 'started';
    this.say('ready', { address: this.me, isNew: false, isPersistent: this.isPersistent });
  }

  async stop(): Promise<void> {
    this.calls.push('stop');
    this.state = 'stopped';
  }

  on<Name extends keyof PimEvents & string>(
    name: Name,
    handler: (event: PimEvents[Name]) => void,
  ): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers.add(handler as Handler));
    return () => handlers.delete(handler as Handler);
  }

  /** Everybody who listens now, for tests about letting go. */
  get listeners(): number {
    return [...this.#handlers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  say<Name extends keyof PimEvents & string>(name: Name, event: PimEvents[Name]): void {
    for (const handler of this.#handlers.get(name) ?? []) handler(event as never);
  }

  async send(to: string, content: MessageContent): Promise<Message> {
    const { text, replyTo } = typeof content === 'string' ? { text: content } : content;
    this.calls.push(`send ${text}`);
    if (this.refuse.send !== undefined) throw this.refuse.send;
    const before = this.#contacts.get(to)?.status ?? 'added';
    if (before === 'added') this.meet(to, { status: 'requested' });
    const isHere = this.connections.status(to).state === 'connected';
    const status = isHere ? 'delivered' : 'waiting';
    return this.write(to, text, { mine: true, status, replyTo: replyTo ?? null });
  }

  /** Adds or changes a contact, and says so. */
  meet(address: string, change: Partial<Contact> = {}): Contact {
    const conversation = `conversation with ${address}`;
    const blank: Contact = {
      address,
      name: '',
      profileName: '',
      status: 'accepted',
      relays: [],
      conversation,
      addedAt: 0,
      invite: null,
      relayOnly: false,
      comparedAt: null,
    };
    const contact = { ...blank, ...this.#contacts.get(address), ...change };
    this.#contacts.set(address, contact);
    if (this.state === 'started') this.say('contact', contact);
    return contact;
  }

  /** A file comes to be, as a message, and stands as `status` says. */
  file(
    peer: string,
    file: File,
    status: Partial<FileStatus>,
    given: Partial<Message> = {},
  ): Message {
    const { name, size, type } = file;
    const message = this.write(peer, '', { ...given, file: { name, size, type } });
    const blank: FileStatus = {
      id: message.id,
      conversation: message.conversation,
      ...{ name, size, type, mine: message.mine },
      state: 'offered',
      bytes: 0,
      by: null,
      reason: null,
      isHere: false,
    };
    this.#files.set(message.id, { status: { ...blank, ...status }, content: file });
    return message;
  }

  /** How a file stands changes, and is told. */
  fileMoved(id: string, change: Partial<FileStatus>): void {
    const held = this.#files.get(id);
    if (held === undefined) throw new PimError('file/unknown', 'no such file', null);
    held.status = { ...held.status, ...change };
    this.say('file:progress', held.status);
  }

  readonly files: FilesPort = {
    send: async (to, file) => {
      this.calls.push(`files.send ${file.name}`);
      return this.file(to, file, {}, { mine: true });
    },
    status: async (_with, id) => {
      const held = this.#files.get(id);
      if (held === undefined) throw new PimError('file/unknown', 'no such file', null);
      return held.status;
    },
    accept: async (_with, id) => void this.calls.push(`files.accept ${id}`),
    decline: async (_with, id) => void this.calls.push(`files.decline ${id}`),
    pause: async (_with, id) => void this.calls.push(`files.pause ${id}`),
    resume: async (_with, id) => void this.calls.push(`files.resume ${id}`),
    cancel: async (_with, id) => void this.calls.push(`files.cancel ${id}`),
    provide: async (_with, id) => void this.calls.push(`files.provide ${id}`),
    read: async (_with, id) => {
      const content = this.#files.get(id)?.content;
      if (!content) throw new PimError('file/missing', 'not here', null);
      return content;
    },
  };

  /** A message comes to be, and is told of. */
  write(peer: string, text: string, given: Partial<Message> = {}): Message {
    const mine = given.mine ?? false;
    this.#count += 1;
    const message: Message = {
      id: `message ${this.#count}`,
      conversation: this.meetings(peer).conversation,
      from: mine ? this.me : peer,
      to: mine ? peer : this.me,
      text,
      time: 1_700_000_000_000 + this.#count * 1000,
      mine,
      status: mine ? 'delivered' : 'received',
      replyTo: null,
      editedAt: null,
      deleted: false,
      reactions: [],
      file: null,
      ...given,
    };
    this.messages.set(peer, [...(this.messages.get(peer) ?? []), message]);
    if (!mine) this.#unread.set(peer, (this.#unread.get(peer) ?? 0) + 1);
    if (this.state === 'started') {
      this.say('message', message);
      this.say('conversation', this.#summary(this.meetings(peer)));
    }
    return message;
  }

  #find(peer: string, id: string): Message | undefined {
    return this.messages.get(peer)?.find((each) => each.id === id);
  }

  /** A message reads otherwise now, and it is told. */
  change(peer: string, id: string, change: Partial<Message>): Message {
    const before = this.#find(peer, id);
    if (before === undefined) throw new PimError('message/unknown', 'no such message', null);
    const message = { ...before, ...change };
    const all = this.messages.get(peer) ?? [];
    this.messages.set(
      peer,
      all.map((each) => (each.id === id ? message : each)),
    );
    this.say('message:update', message);
    return message;
  }

  meetings(address: string): Contact {
    return this.#contacts.get(address) ?? this.meet(address);
  }

  /** A stranger asks. */
  knock(from: string, request: Partial<ContactRequest> = {}): void {
    const whole = {
      from,
      name: '',
      text: '',
      receivedAt: 1_700_000_000_000,
      invite: null,
      invitation: null,
      ...request,
    };
    this.#requests.set(from, whole);
    if (this.state === 'started') this.say('request', whole);
  }

  connect(address: string, change: Partial<ConnectionStatus>): void {
    const status = { ...this.connections.status(address), ...change };
    this.#connections.set(address, status);
    if (this.state === 'started') this.say('connection', status);
  }

  relay(url: string, change: Partial<RelayStatus>): void {
    const blank: RelayStatus = { url, state: 'online', reason: null, alteredFrames: 0 };
    const status = { ...blank, ...this.#relays.get(url), ...change };
    this.#relays.set(url, status);
    if (this.state === 'started') this.say('relay', status);
  }

  readonly contacts: PimPort['contacts'] = {
    list: () => [...this.#contacts.values()],
    get: (address) => this.#contacts.get(address) ?? null,
    requests: () => [...this.#requests.values()].sort((a, b) => b.receivedAt - a.receivedAt),
    add: async (address, { name = '', relays = [], invite } = {}) => {
      this.calls.push(`add${invite === undefined ? '' : ` by ${invite}`}`);
      return this.meet(address, { name, relays, status: 'added' });
    },
    accept: async (address) => {
      if (this.refuse.accept !== undefined) throw this.refuse.accept;
      const request = this.#requests.get(address);
      this.#requests.delete(address);
      const contact = this.meet(address, { name: request?.name ?? '', status: 'accepted' });
      if (request !== undefined && request.text !== '') this.write(address, request.text);
      return contact;
    },
    decline: async (address) => {
      this.calls.push('decline');
      this.#requests.delete(address);
      this.say('request:declined', { from: address });
    },
    block: async (address) => {
      this.#requests.delete(address);
      return this.meet(address, { status: 'blocked' });
    },
    unblock: async (address) => this.meet(address, { status: 'accepted' }),
    rename: async (address, name) => this.meet(address, { name }),
    setRelayOnly: async (address, relayOnly) => {
      if (this.refuse.relayOnly !== undefined) throw this.refuse.relayOnly;
      return this.meet(address, { relayOnly });
    },
    verify: async (address, isSame = true) =>
      this.meet(address, { comparedAt: isSame ? Date.now() : null }),
    remove: async (address) => {
      const contact = this.meetings(address);
      this.#contacts.delete(address);
      this.messages.delete(address);
      this.say('contact', { ...contact, removed: true });
    },
  };

  readonly conversations: PimPort['conversations'] = {
    list: async () => [...this.#contacts.values()].map((contact) => this.#summary(contact)),
    history: async (peer, { before, after, limit = 50 } = {}) => {
      this.reads.push(limit);
      const all = this.messages.get(peer) ?? [];
      if (after !== undefined) {
        const start = all.findIndex(({ id }) => id === after) + 1;
        return {
          messages: all.slice(start, start + limit),
          more: start + limit < all.length,
        };
      }
      const end = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
      const start = Math.max(0, end - limit);
      return { messages: all.slice(start, end), more: start > 0 };
    },
    get: async (peer, id) => this.#find(peer, id) ?? null,
    search: async (peer, query, { before, limit = 50 } = {}) => {
      const all = this.messages.get(peer) ?? [];
      const end = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
      const found = all.slice(0, end).filter(({ text }) => text.includes(query));
      return { messages: found.slice(-limit).reverse(), more: found.length > limit };
    },
    edit: async (peer, id, text) => this.change(peer, id, { text, editedAt: 1_800_000_000_000 }),
    delete: async (peer, id) => this.change(peer, id, { text: '', deleted: true, reactions: [] }),
    react: async (peer, id, emoji) => {
      const { reactions = [] } = this.#find(peer, id) ?? {};
      const from = reactions.find((each) => each.emoji === emoji)?.from ?? [];
      const others = reactions.filter((each) => each.emoji !== emoji);
      return this.change(peer, id, {
        reactions: [...others, { emoji, from: [...from, this.me] }],
      });
    },
    unreact: async (peer, id, emoji) => {
      const { reactions = [] } = this.#find(peer, id) ?? {};
      const left = reactions.map((each) =>
        each.emoji === emoji ? { ...each, from: each.from.filter((by) => by !== this.me) } : each,
      );
      return this.change(peer, id, { reactions: left.filter(({ from }) => from.length > 0) });
    },
    typing: (_peer, isTyping = true) =>
      void this.calls.push(isTyping ? 'typing' : 'typing no more'),
    draft: async (peer) => this.drafts.get(peer) ?? '',
    setDraft: async (peer, text) => void this.drafts.set(peer, text),
    markRead: async (peer) => {
      this.calls.push('markRead');
      this.#unread.set(peer, 0);
      this.say('conversation', this.#summary(this.meetings(peer)));
    },
  };

  readonly relays: PimPort['relays'] = {
    list: () => [...this.#relays.values()],
    add: async (url) => this.relay(url, { state: 'connecting' }),
    remove: async (url) => this.relay(url, { state: 'closed' }),
  };

  readonly connections: PimPort['connections'] = {
    status: (address) =>
      this.#connections.get(address) ?? {
        address,
        state: 'idle',
        route: null,
        reason: null,
        lastHeard: null,
      },
    retry: (address) => {
      this.calls.push('retry');
      this.connect(address, { state: 'calling', reason: null });
    },
  };

  /** Those given out; a test may change them. */
  invited: IssuedInvitation[] = [];

  readonly invitations: PimPort['invitations'] = {
    create: async ({
      label = '',
      policy = 'ask',
      expiresAt = null,
      uses = null,
      page = '',
    } = {}) => {
      this.calls.push('invite');
      const token = 'A'.repeat(116);
      const relay = encodeURIComponent('wss://relay.example');
      const made: IssuedInvitation = {
        ...{ id: String(this.invited.length), label, policy, expiresAt, uses, token },
        ...{ state: 'open', createdAt: 0, used: 0, refused: 0, lastRefusal: null },
        link: `${page}#${this.me}?t=${token}&r=${relay}`,
      };
      this.invited = [made, ...this.invited];
      return made;
    },
    list: async () => this.invited,
    change: async (id, { label, policy, paused }) => {
      const found = this.invited.find((each) => each.id === id);
      if (found === undefined) throw new PimError('invitation/unknown', 'none', null);
      const state = paused === undefined ? found.state : paused ? 'paused' : 'open';
      const changed = {
        ...found,
        ...{ label: label ?? found.label, policy: policy ?? found.policy, state },
      } as const;
      this.invited = this.invited.map((each) => (each.id === id ? changed : each));
      return changed;
    },
    withdraw: async (id) => {
      this.invited = this.invited.filter((each) => each.id !== id);
    },
  };

  /** What a diagnosis finds; a test may change it. */
  findings: Diagnosis['findings'] = [];

  diagnose: PimPort['diagnose'] = async ({ onFinding } = {}) => {
    this.calls.push('diagnose');
    const { findings } = this;
    for (const each of findings) onFinding?.(each);
    const status = (['bad', 'warning'] as const).find((one) =>
      findings.some((each) => each.status === one),
    );
    return { at: 0, status: status ?? 'good', findings, report: 'a report' };
  };

  readonly identity: PimPort['identity'] = this.#identity();

  #identity(): PimPort['identity'] {
    const fake = this;
    return {
      get name() {
        return fake.name;
      },
      get isPersistent() {
        return fake.isPersistent;
      },
      get privacy() {
        return fake.privacy;
      },
      setPrivacy: async (change) => {
        fake.privacy = { ...fake.privacy, ...change };
      },
      setName: async (name) => {
        if (fake.refuse.setName !== undefined) throw fake.refuse.setName;
        fake.name = name;
      },
      kept: async () => ({ isPersistent: fake.isPersistent, ...fake.kept }),
      persist: async () => {
        fake.calls.push('persist');
        fake.kept = { ...fake.kept, isPersisted: fake.promises };
        return fake.promises;
      },
      backup: async () => Uint8Array.of(1, 2, 3),
      words: async () => WORDS.split(' '),
      readBackup: async (from) => {
        const found = fake.backups.get(String(from));
        if (found !== undefined) return found;
        throw Object.assign(new Error('none'), { code: 'backup/passphrase', detail: null });
      },
      restore: async () => undefined,
      safetyNumber: async () =>
        '04917 58113 90020 66318 27405 11936 70882 45519 38064 92271 10357 64840',
      ...lockOf(fake),
      wipe: async () => {
        fake.calls.push('wipe');
        fake.state = 'stopped';
        fake.isShut = false;
      },
    };
  }

  #summary(contact: Contact): ConversationSummary {
    const { address, conversation } = contact;
    const last = this.messages.get(address)?.at(-1) ?? null;
    return { id: conversation, with: contact, last, unread: this.#unread.get(address) ?? 0 };
  }
}
