/**
 * Typed events: mitt, wrapped once. Adds what an embedded SDK needs of it: `on` returns its own
 * undo, and a handler that throws neither stops the later ones nor reaches the code that emitted.
 */

import mitt from 'mitt';

type EventMap = Record<string | symbol, unknown>;

/** What `*` handlers are called with. */
export type AnyEvent<Events extends EventMap> = {
  [Name in keyof Events]: { type: Name; event: Events[Name] };
}[keyof Events];

export class Emitter<Events extends EventMap> {
  readonly #mitt = mitt<Events>();
  readonly #onFault: (fault: unknown) => void;

  /** @param onFault receives what a handler threw */
  constructor(onFault: (fault: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Calls `handler` at every `type` from now on; returns the function that ends it. */
  on<Name extends keyof Events>(type: Name, handler: (event: Events[Name]) => void): () => void;
  on(type: '*', handler: (any: AnyEvent<Events>) => void): () => void;
  on(type: never, handler: (event: never) => void): () => void {
    const guarded =
      type === '*'
        ? (name: never, event: never) => this.#guard(handler, { type: name, event } as never)
        : (event: never) => this.#guard(handler, event);
    this.#mitt.on(type, guarded as never);
    this.#guards.set(handler as never, [...(this.#guards.get(handler as never) ?? []), [type, guarded]]);
    return () => this.#mitt.off(type, guarded as never);
  }

  once<Name extends keyof Events>(type: Name, handler: (event: Events[Name]) => void): () => void {
    const undo = this.on(type, (event) => {
      undo();
      handler(event);
    });
    return undo;
  }

  off<Name extends keyof Events | '*'>(type: Name, handler: (event: never) => void): void {
    for (const [name, guarded] of this.#guards.get(handler as never) ?? []) {
      if (name === type) this.#mitt.off(type as never, guarded as never);
    }
  }

  emit<Name extends keyof Events>(type: Name, event: Events[Name]): void {
    this.#mitt.emit(type, event);
  }

  clear(): void {
    this.#mitt.all.clear();
  }

  readonly #guards = new WeakMap<object, [unknown, unknown][]>();

  #guard(handler: (event: never) => void, event: never): void {
    try {
      handler(event);
    } catch (fault) {
      this.#onFault(fault);
    }
  }
}
