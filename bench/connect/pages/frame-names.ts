/** Names of pim's frames by their first byte, docs/protocol.md §4, §7 and §8, for traces. */

export const RELAY_FRAMES: Readonly<Record<number, string>> = {
  1: 'CHAL',
  2: 'AUTH',
  3: 'OK',
  16: 'SEND',
  17: 'RECV',
  18: 'RES',
};

export const CHANNEL_FRAMES: Readonly<Record<number, string>> = {
  1: 'C1',
  2: 'C2',
  16: 'HAVE',
  17: 'ENTRY',
  18: 'ACK',
  63: 'BYE',
};

/** Types of signals, docs/protocol.md §6. */
const SIGNALS = ['?', 'KNOCK', 'HELLO', 'OFFER', 'ANSWER', 'CAND', 'BYE', 'INVITE', 'ACCEPT'];

/** What a signature covers: `"pim/1 " ‖ label ‖ 0x00 ‖ body`, and a signal's type is its byte 1. */
export function signedName(data: unknown): string {
  if (!ArrayBuffer.isView(data)) return '?';
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const end = bytes.indexOf(0);
  const label = new TextDecoder().decode(bytes.subarray(0, Math.max(end, 0)));
  if (!label.startsWith('pim/1 ')) return 'hmac';
  if (label !== 'pim/1 signal') return label.slice('pim/1 '.length);
  return SIGNALS[bytes[end + 2] ?? 0] ?? '?';
}
