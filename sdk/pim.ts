/**
 * Pim: the object people's programs hold. Wires options, store, identity and chat together, turns
 * what happens into events, and keeps no rules of its own.
 */

import type { Access, End } from './access.js';
import { Announcer } from './announcer.js';
import { type AnyEvent, Emitter } from './base/emitter.js';
import { PimError } from './base/errors.js';
import { loaded } from './base/loaded.js';
import type { HeldLock } from './base/platform.js';
import { next } from './base/state.js';
import { browserPlatform } from './browser.js';
import { type ContactsArea, contactsArea } from './contacts-area.js';
import type { MessageContent } from './content.js';
import {
  aborted,
  type ConversationsArea,
  conversationsArea,
  type SendOptions,
} from './conversations-area.js';
import type { DiagnoseOptions, Diagnosis } from './diagnose.js';
import type { Message, PimEvents } from './events.js';
import { type FilesArea, filesArea } from './files-area.js';
import { type IdentityArea, identityArea } from './identity-area.js';
import { type InvitationsArea, invitationsArea } from './invitations-area.js';
import { messageStream } from './message-stream.js';
import { ConnectionsArea, RelaysArea } from './network-areas.js';
import { type PimOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { PIM, type PimEvent, type PimState } from './pim-state.js';
import { begin, databaseName, end, type Prepare, type Running } from './running.js';
import { sharing } from './sharing.js';
import { View } from './view.js';

type Started = Running & { readonly view: View };

export class Pim {
  readonly contacts: ContactsArea;
  readonly invitations: InvitationsArea;
  readonly conversations: ConversationsArea;
  readonly files: FilesArea;
  readonly relays: RelaysArea;
  readonly connections: ConnectionsArea;
  readonly identity: IdentityArea;

  readonly #options: ResolvedOptions;
  readonly #events: Emitter<PimEvents>;
  #state: PimState = 'stopped';
  #started: Started | null = null;
  /** Ends what runs; null while nothing does. */
  #end: End | null = null;
  #wasStarted = false;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  /** What ends each loop over messages. */
  readonly #streams = new Set<() => void>();
  readonly #announcer: Announcer;
  readonly #access: Access;

  /**
   * Does nothing but check its options: no key, no socket, no storage before `start()`.
   * @throws options/unknown, options/invalid, relay/insecure, platform/unsupported
   */
  constructor(options: PimOptions = {}) {
    this.#options = resolveOptions(options, browserPlatform);
    this.#events = new Emitter((fault) =>
      this.#options.logger('error', `an event handler threw: ${String(fault)}`),
    );
    this.#announcer = new Announcer((type, event) => this.#emit(type, event));
    const access: Access = {
      running: () => this.#running(),
      options: this.#options,
      state: () => this.#state,
      start: (prepare) => this.#startWith(false, prepare),
      stop: () => this.stop(),
      pim: this,
      emit: (type, event) => this.#emit(type, event),
      lead: (lock, prepare) => this.#lead(lock, prepare),
      take: (end) => this.#take(end),
    };
    this.#access = access;
    this.contacts = contactsArea(access);
    this.invitations = invitationsArea(access);
    this.conversations = conversationsArea(access);
    this.files = filesArea(access);
    this.relays = new RelaysArea(access);
    this.connections = new ConnectionsArea(access);
    this.identity = identityArea(access);
  }

  /** Whether somebody's identity is stored here already. Creates nothing, opens no connection. */
  static async exists(profile = 'pim'): Promise<boolean> {
    const platform = browserPlatform();
    return (await loaded(import('./identity-exists.js'))).identityExists(platform, profile);
  }

  get state(): PimState {
    return this.#state;
  }

  /**
   * Whether the chat runs in this tab; false in those that go along with it. Of several tabs one leads:
   * the one to play a sound or show a notification, so that there is one.
   */
  get leads(): boolean {
    return this.#started !== null;
  }

  /** My address, 63 characters. @throws pim/not-started, pim/stopped */
  get address(): string {
    return this.#running().identity.address;
  }

  /**
   * Loads or makes the identity and begins to join the relays. Resolves before any relay is online;
   * `relay` events tell of them. Starting twice is starting once. Where another tab of this origin has
   * started the same profile, this one goes along with it: same calls, same events, one connection.
   * @param options.takeOver where tabs cannot share, takes the identity away from the other one, which
   * is stopped there
   * @throws pim/elsewhere where another tab holds it and does not share
   * @throws platform/insecure, platform/unsupported, crypto/self-test-failed, identity/invalid
   * @throws identity/locked where the key lies under a passphrase: `identity.unlock` starts it
   */
  start(options: { takeOver?: boolean; signal?: AbortSignal } = {}): Promise<void> {
    if (options.signal?.aborted) return Promise.reject(aborted());
    return this.#starting ?? this.#startWith(options.takeOver === true);
  }

  /** Leaves the relays, says goodbye to everybody, closes the store. May be started again. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = null;
    });
    return this.#stopping;
  }

  /** Calls `handler` at every such event; returns the function that ends it. */
  on<Name extends keyof PimEvents>(
    type: Name,
    handler: (event: PimEvents[Name]) => void,
  ): () => void;
  on(type: '*', handler: (any: AnyEvent<PimEvents>) => void): () => void;
  on(type: never, handler: (event: never) => void): () => void {
    return this.#events.on(type, handler);
  }

  /** As `on`, for the next such event only. */
  once<Name extends keyof PimEvents>(
    type: Name,
    handler: (event: PimEvents[Name]) => void,
  ): () => void {
    return this.#events.once(type, handler);
  }

  /** Ends every `on` of this handler for this type. */
  off<Name extends keyof PimEvents>(type: Name, handler: (event: PimEvents[Name]) => void): void {
    this.#events.off(type, handler);
  }

  /**
   * Writes a message: it is stored when the promise resolves, and arrives now or later. Writing to
   * an address that is no contact yet makes it one and asks them.
   * @param to an address, or the id of a conversation
   * @param content the text, at most 16,000 bytes of UTF-8; `replyTo` is a message id
   * @param options.once a name for this call, ≤ 64 bytes: where one of the newest 64 named messages of
   * the conversation has it, that one is the answer, and nothing is written again
   * @throws address/invalid, address/own, conversation/unknown, contact/blocked
   * @throws message/empty, message/too-long, storage/full (nothing was stored then)
   */
  send(to: string, content: MessageContent, options?: SendOptions): Promise<Message> {
    return this.conversations.send(to, content, options);
  }

  /**
   * New messages of a conversation from now on, mine and theirs, until the loop is left or the chat
   * is stopped.
   * @param target conversation id or address
   * @throws conversation/unknown
   */
  messages(target: string): AsyncGenerator<Message, void, undefined> {
    const name = this.conversations.idOf(target);
    return messageStream((push, end) => {
      const undo = this.on('message', (message) => {
        if (message.conversation === name) push(message);
      });
      this.#streams.add(end);
      return () => {
        undo();
        this.#streams.delete(end);
      };
    });
  }

  /**
   * Looks at everything a conversation rests on, each with a limit, all within half a minute: relays,
   * STUN, TURN, clock, storage, this browser. Changes nothing. Works before `start()` too.
   */
  async diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
    return (await loaded(import('./diagnose.js'))).diagnose(this.#access, options);
  }

  #startWith(takeOver: boolean, prepare?: Prepare): Promise<void> {
    const starting = this.#startAfter(this.#stopping, takeOver, prepare);
    this.#starting = starting;
    starting.catch(() => {
      if (this.#starting === starting) this.#starting = null;
    });
    return starting;
  }

  async #startAfter(
    stopping: Promise<void> | null,
    takeOver: boolean,
    prepare?: Prepare,
  ): Promise<void> {
    if (stopping !== null) await stopping.catch(() => undefined);
    this.#move('start');
    try {
      await this.#start(takeOver, prepare);
    } catch (fault) {
      this.#move('failed');
      throw fault;
    }
  }

  async #stop(): Promise<void> {
    const starting = this.#starting;
    // A start that is asked for from here on is another one, after this stop.
    this.#starting = null;
    await starting?.catch(() => undefined);
    if (this.#end === null) return;
    this.#move('stop');
    const end = this.#take(null);
    for (const endStream of this.#streams) endStream();
    try {
      await end?.();
    } finally {
      this.#move('stopped');
    }
  }

  async #start(takeOver: boolean, prepare?: Prepare): Promise<void> {
    const { platform, storage, profile } = this.#options;
    const isShared = storage === 'indexeddb';
    const lock = isShared ? await platform.holdLock(databaseName(profile), false) : null;
    if (!isShared || lock !== null) return this.#lead(lock, prepare);
    const { join } = await loaded(import('./tabs/join.js'));
    await join(this.#access, takeOver, prepare);
  }

  /** Runs the chat in this tab. @param lock what keeps other tabs from doing the same */
  async #lead(lock: HeldLock | null, prepare?: Prepare): Promise<void> {
    const { platform } = this.#options;
    const shared = lock && sharing(this.#access, lock);
    const running = await begin(this.#options, shared, this.#announcer.callbacks, prepare);
    const { chat, identity, storage } = running;
    const wallClock = (at: number) => platform.now() - (platform.monotonic() - at);
    const view = new View(chat, identity.keys.publicKey, wallClock);
    const wasStarted = this.#state === 'started';
    this.#take(() => end(running));
    this.#started = { ...running, view };
    this.#announcer.started(this.#started);
    void lock?.lost.then(() => this.#lost(running));
    const { isPersistent } = storage;
    const { address } = identity;
    if (!wasStarted) this.#emit('ready', { address, isNew: running.isNew, isPersistent });
    if (running.storageFault !== null) this.#emit('error', running.storageFault);
    if (isPersistent && running.isNew) void platform.persist();
    chat.start();
  }

  /** What `end` ends takes the place of what ran until now. @returns what ends that */
  #take(end: End | null): End | null {
    const before = this.#end;
    this.#end = end;
    this.#started = null;
    this.#announcer.stopped();
    if (end !== null) {
      this.#wasStarted = true;
      this.#move('started');
    }
    return before;
  }

  #running(): Started {
    if (this.#started !== null) return this.#started;
    if (this.#wasStarted) throw new PimError('pim/stopped', 'The chat has been stopped.', null);
    throw new PimError('pim/not-started', 'The chat has not been started yet.', null);
  }

  /** Another tab took the lock away by force. */
  #lost({ chat }: Running): void {
    if (this.#started?.chat !== chat) return;
    const yielding = import('./tabs/join.js').then(({ yielded }) => yielded(this.#access));
    yielding.catch(() => this.stop());
  }

  #emit<Name extends keyof PimEvents & string>(type: Name, event: PimEvents[Name]): void {
    this.#events.emit(type, event);
  }

  #move(event: PimEvent): void {
    this.#state = next(PIM, this.#state, event) ?? this.#state;
  }
}
