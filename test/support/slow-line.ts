/**
 * A slow line for datagrams: whoever writes to its port reaches a server over a way of a given rate,
 * delay and loss, up and down, with a queue that drops what it has no room for, as at a modem.
 */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

export interface Way {
  readonly bitsPerS: number;
  /** Beside what the rate and the queue cost. */
  readonly delayMs: number;
  /** Every so manyth datagram is lost. */
  readonly losesEvery: number;
  /** What waits beyond it is dropped. */
  readonly queueBytes: number;
}

/** Datagrams one after the other at a rate. */
class Pipe {
  readonly #way: Way;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** When the last one will have gone out. */
  #freeAt = 0;
  #count = 0;

  constructor(way: Way) {
    this.#way = way;
  }

  carry(bytes: number, deliver: () => void): void {
    const { bitsPerS, delayMs, losesEvery, queueBytes } = this.#way;
    const now = performance.now();
    const waiting = ((Math.max(0, this.#freeAt - now) / 1_000) * bitsPerS) / 8;
    if (++this.#count % losesEvery === 0 || waiting + bytes > queueBytes) return;
    this.#freeAt = Math.max(now, this.#freeAt) + (bytes * 8_000) / bitsPerS;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        deliver();
      },
      this.#freeAt + delayMs - now,
    );
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/** One who writes to the line: a socket of their own towards the server, and a way each direction. */
interface Client {
  readonly socket: Socket;
  readonly up: Pipe;
  readonly down: Pipe;
}

export class SlowLine {
  readonly #server: { readonly host: string; readonly port: number };
  readonly #ways: { readonly up: Way; readonly down: Way };
  readonly #socket = createSocket('udp4');
  readonly #clients = new Map<string, Client>();

  private constructor(
    server: { readonly host: string; readonly port: number },
    ways: { readonly up: Way; readonly down: Way },
  ) {
    this.#server = server;
    this.#ways = ways;
    this.#socket.on('message', (data, from) => this.#up(data, from));
  }

  /** On a free port of the server's own address. */
  static async to(
    server: { readonly host: string; readonly port: number },
    ways: { readonly up: Way; readonly down: Way },
  ): Promise<SlowLine> {
    const line = new SlowLine(server, ways);
    line.#socket.bind(0, server.host);
    await once(line.#socket, 'listening');
    return line;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
    for (const { socket, up, down } of this.#clients.values()) {
      up.close();
      down.close();
      socket.close();
    }
  }

  #up(data: Buffer, from: RemoteInfo): void {
    const name = `${from.address}:${from.port}`;
    const client = this.#clients.get(name) ?? this.#open(name, from);
    const { host, port } = this.#server;
    client.up.carry(data.length, () => client.socket.send(data, port, host));
  }

  #open(name: string, from: RemoteInfo): Client {
    const { up, down } = this.#ways;
    const client = { socket: createSocket('udp4'), up: new Pipe(up), down: new Pipe(down) };
    client.socket.bind(0, this.#server.host);
    client.socket.on('message', (data) =>
      client.down.carry(data.length, () => this.#socket.send(data, from.port, from.address)),
    );
    this.#clients.set(name, client);
    return client;
  }
}
