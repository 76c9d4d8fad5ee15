/**
 * Notes when a page does what, by wrapping the browser's own functions before any other script
 * runs: sockets, WebRTC, cryptography, storage, locks. The SDK is not changed for it. Only for
 * finding out where time goes; the figures of `connect` are taken without.
 */

import { CHANNEL_FRAMES, RELAY_FRAMES, signedName } from './frame-names.js';

export interface Step {
  readonly name: string;
  /** Milliseconds since the page's `performance.timeOrigin`, later since the sender's. */
  readonly at: number;
  /** Milliseconds it took, of what has an end. */
  readonly took?: number;
}

declare global {
  var benchSteps: Step[] | undefined;
}

const steps: Step[] = [];
globalThis.benchSteps = steps;

const note = (name: string, from = performance.now(), took?: number): void => {
  steps.push(took === undefined ? { name, at: from } : { name, at: from, took });
};

type Method = (...args: never[]) => unknown;

/** Replaces `owner[name]`; promises are noted with the time they took. */
function wrap<Owner extends object>(
  owner: Owner,
  name: keyof Owner & string,
  title: (args: unknown[], self: unknown) => string,
): void {
  const real = owner[name] as Method;
  const wrapped = function (this: unknown, ...args: never[]): unknown {
    const from = performance.now();
    const text = title(args, this);
    const result = real.apply(this, args);
    if (!(result instanceof Promise)) {
      note(text, from, performance.now() - from);
      return result;
    }
    const settled = () => note(text, from, performance.now() - from);
    result.then(settled, settled);
    return result;
  };
  (owner as Record<string, unknown>)[name] = wrapped;
}

function firstByte(data: unknown): number {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)[0] ?? -1;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset)[0] ?? -1;
  return -1;
}

const frame = (names: Readonly<Record<number, string>>, data: unknown): string =>
  names[firstByte(data)] ?? 'text';

function traceSockets(): void {
  const Real = WebSocket;
  globalThis.WebSocket = class extends Real {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      note('socket new');
      this.addEventListener('open', () => note('socket open'));
      this.addEventListener('message', ({ data }) =>
        note(`socket in ${frame(RELAY_FRAMES, data)}`),
      );
    }

    override send(data: Parameters<WebSocket['send']>[0]): void {
      note(`socket out ${frame(RELAY_FRAMES, data)}`);
      super.send(data);
    }
  };
}

function traceConnections(): void {
  const Real = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Real {
    constructor(config?: RTCConfiguration) {
      const from = performance.now();
      super(config);
      note('rtc new', from, performance.now() - from);
      this.addEventListener('icecandidate', ({ candidate }) => {
        note(candidate === null ? 'rtc gathered' : 'rtc candidate');
      });
      this.addEventListener('iceconnectionstatechange', () =>
        note(`rtc ice ${this.iceConnectionState}`),
      );
      this.addEventListener('connectionstatechange', () =>
        note(`rtc connection ${this.connectionState}`),
      );
      this.addEventListener('datachannel', ({ channel }) => traceChannel(channel));
    }

    override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, init);
      traceChannel(channel);
      return channel;
    }
  };
  const { prototype } = Real;
  wrap(prototype, 'setLocalDescription', () => 'rtc setLocal');
  wrap(prototype, 'setRemoteDescription', () => 'rtc setRemote');
  wrap(prototype, 'addIceCandidate', () => 'rtc addCandidate');
  wrap(RTCDataChannel.prototype, 'send', ([data]) => `channel out ${frame(CHANNEL_FRAMES, data)}`);
}

function traceChannel(channel: RTCDataChannel): void {
  channel.addEventListener('open', () => note('channel open'));
  channel.addEventListener('message', ({ data }) =>
    note(`channel in ${frame(CHANNEL_FRAMES, data)}`),
  );
}

function traceCrypto(): void {
  const { prototype } = SubtleCrypto;
  wrap(prototype, 'sign', ([, , data]) => `crypto sign ${signedName(data)}`);
  wrap(prototype, 'verify', ([, , , data]) => `crypto verify ${signedName(data)}`);
  for (const name of [
    'generateKey',
    'importKey',
    'exportKey',
    'deriveBits',
    'encrypt',
    'decrypt',
    'digest',
  ] as const) {
    wrap(prototype, name, () => `crypto ${name}`);
  }
}

function traceStorage(): void {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...args) {
    const from = performance.now();
    const request = open.apply(this, args);
    request.addEventListener('success', () => note('storage open', from, performance.now() - from));
    return request;
  };
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...args) {
    const from = performance.now();
    const result = transaction.apply(this, args);
    const tables = [args[0]].flat().join('+');
    result.addEventListener('complete', () =>
      note(`storage ${args[1] ?? 'readonly'} ${tables}`, from, performance.now() - from),
    );
    return result;
  };
  wrap(LockManager.prototype, 'request', () => 'lock requested');
}

/** The SDK's log lines and the page's own marks. */
function traceMarks(): void {
  const { mark } = performance;
  performance.mark = function (name, options) {
    note(name);
    return mark.call(this, name, options);
  };
}

traceSockets();
traceConnections();
traceCrypto();
traceStorage();
traceMarks();
