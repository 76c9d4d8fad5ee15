/**
 * bech32m, BIP-350: groups of five bits as letters and digits, with a checksum that finds any four
 * wrong characters. Only what an address needs of it; the tests hold it to BIP-350's own vectors and
 * to an independent implementation.
 */

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** What sets bech32m apart from bech32, whose constant 1 lets some insertions pass. */
const CHECKSUM = 0x2bc830a3;
const CHECKSUM_SYMBOLS = 6;

/** BIP-173's polymod: the remainder of the symbols as a polynomial over GF(32). */
function remainder(symbols: readonly number[]): number {
  let value = 1;
  for (const symbol of symbols) {
    const top = value >> 25;
    value = ((value & 0x1ffffff) << 5) ^ symbol;
    GENERATOR.forEach((each, bit) => {
      if ((top >> bit) & 1) value ^= each;
    });
  }
  return value;
}

function expanded(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** @param symbols numbers below 32 */
export function encodeBech32m(prefix: string, symbols: readonly number[]): string {
  const zeros = Array<number>(CHECKSUM_SYMBOLS).fill(0);
  const checksum = remainder([...expanded(prefix), ...symbols, ...zeros]) ^ CHECKSUM;
  const tail = zeros.map((_, i) => (checksum >> (5 * (CHECKSUM_SYMBOLS - 1 - i))) & 31);
  return `${prefix}1${[...symbols, ...tail].map((symbol) => CHARSET[symbol]).join('')}`;
}

/** The symbols of a lower-case text, without the checksum's; null where that does not fit. */
export function decodeBech32m(prefix: string, text: string): number[] | null {
  if (!text.startsWith(`${prefix}1`)) return null;
  const symbols = Array.from(text.slice(prefix.length + 1), (each) => CHARSET.indexOf(each));
  if (symbols.includes(-1) || symbols.length < CHECKSUM_SYMBOLS) return null;
  if (remainder([...expanded(prefix), ...symbols]) !== CHECKSUM) return null;
  return symbols.slice(0, -CHECKSUM_SYMBOLS);
}

/** Whole bytes as groups of five bits, the last one filled up with zeros. */
export function toSymbols(bytes: Uint8Array): number[] {
  return regroup([...bytes], 8, 5);
}

/** Null where the bits that fill the last group are not zeros, or are a whole group. */
export function fromSymbols(symbols: readonly number[]): Uint8Array<ArrayBuffer> | null {
  const bytes = regroup(symbols, 5, 8);
  const fillBits = (symbols.length * 5) % 8;
  const isFilled = fillBits === 0 || (bytes.pop() === 0 && fillBits < 5);
  return isFilled ? Uint8Array.from(bytes) : null;
}

function regroup(groups: readonly number[], from: number, to: number): number[] {
  const out: number[] = [];
  let bits = 0;
  let value = 0;
  for (const group of groups) {
    value = ((value << from) | group) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      out.push((value >> bits) & ((1 << to) - 1));
    }
  }
  if (bits > 0) out.push((value << (to - bits)) & ((1 << to) - 1));
  return out;
}
