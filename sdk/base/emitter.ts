/**
 * Typed events: mitt, wrapped once. Adds what an embedded SDK needs of it: `on` returns its own
 * undo, and a handler that throws neither stops the later ones nor reaches the code that emitted.
 */

import mitt from 'mitt';

/** What `*` handlers are called with. */
export type AnyEvent<Events extends object> = {
  [Name in keyof Events]: { type: Name; event: Events[Name] };
}[keyof Events];

export class Emitter<Events extends object> {
  readonly #mitt = mitt<Record<string, unknown>>();
  readonly #onFault: (fault: unknown) => void;

  /** @param onFault receives what a handler threw */
  constructor(onFault: (fault: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Calls `handler` at every `type` from now on; returns the function that ends it. */
  on<Name extends keyof Events & string>(
    type: Name,
    handler: (event: Events[Name]) => void,
  ): () => void;
  on(type: '*', handler: (any: AnyEvent<Events>) => void): () => void;
  on(type: never, handler: (event: never) => void): () => void {
    return this.#add(type, handler, false);
  }

  once<Name extends keyof Events & string>(
    type: Name,
    handler: (event: Events[Name]) => void,
  ): () => void {
    return this.#add(type as never, handler, true);
  }

  off<Name extends (keyof Events & string) | '*'>(
    type: Name,
    handler: (event: never) => void,
  ): void {
    for (const each of this.#of(handler)) if (each.type === type) each.end();
  }

  emit<Name extends keyof Events & string>(type: Name, event: Events[Name]): void {
    this.#mitt.emit(type, event);
  }

  clear(): void {
    this.#mitt.all.clear();
  }

  readonly #added = new WeakMap<object, readonly { type: unknown; end: () => void }[]>();

  #add(type: never, handler: (event: never) => void, isOnce: boolean): () => void {
    let isOn = true;
    const call = (first: never, second: never): void => {
      // mitt goes on with the list it had when the emit began, also within a nested emit.
      if (!isOn) return;
      if (isOnce) end();
      this.#guard(handler, type === '*' ? ({ type: first, event: second } as never) : first);
    };
    const end = (): void => {
      isOn = false;
      this.#mitt.off(type, call as never);
      this.#added.set(
        handler,
        this.#of(handler).filter((each) => each.end !== end),
      );
    };
    this.#mitt.on(type, call as never);
    this.#added.set(handler, [...this.#of(handler), { type, end }]);
    return end;
  }

  #of(handler: object): readonly { type: unknown; end: () => void }[] {
    return this.#added.get(handler) ?? [];
  }

  #guard(handler: (event: never) => void, event: never): void {
    try {
      handler(event);
    } catch (fault) {
      this.#onFault(fault);
    }
  }
}
