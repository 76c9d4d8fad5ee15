/**
 * How large a picture says to be, read from its first bytes, before anything is decoded: 5 MB can hold
 * 900 million pixels, which a browser would lay out in memory.
 */

/** Pixels of one picture that is shown. A phone's camera makes 12 to 50 million, shown at a fraction. */
export const MAX_PIXELS = 64_000_000;
/** Pixels of one side; canvases have none longer (Chromium 65,535, WebKit 16,384). */
const MAX_SIDE = 16_384;
/** Bytes of a file in which its size has to stand: cameras put a preview of 64 KiB before it. */
const HEAD_BYTES = 262_144;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Null where it does not say, or is too large to be shown. */
export async function sizeOf(picture: Blob): Promise<Size | null> {
  const bytes = new DataView(await picture.slice(0, HEAD_BYTES).arrayBuffer());
  try {
    const size = READERS[picture.type]?.(bytes) ?? null;
    const isShown =
      size !== null &&
      Math.min(size.width, size.height) > 0 &&
      Math.max(size.width, size.height) <= MAX_SIDE &&
      size.width * size.height <= MAX_PIXELS;
    return isShown ? size : null;
  } catch {
    return null; // cut short
  }
}

type Reader = (bytes: DataView) => Size | null;

const READERS: Readonly<Record<string, Reader>> = {
  /** ISO/IEC 15948 §11.2.2: IHDR comes first. */
  'image/png': (bytes) => ({ width: bytes.getUint32(16), height: bytes.getUint32(20) }),
  /** GIF89a §18: the logical screen. */
  'image/gif': (bytes) => ({ width: bytes.getUint16(6, true), height: bytes.getUint16(8, true) }),
  'image/jpeg': jpeg,
  'image/webp': webp,
  'image/avif': avif,
};

/** ITU-T T.81 §B.2.2: segments up to the frame header, SOF0 to SOF15 but DHT, JPG and DAC. */
function jpeg(bytes: DataView): Size | null {
  for (let at = 2; bytes.getUint8(at) === 0xff; ) {
    const marker = bytes.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.getUint16(at + 5), width: bytes.getUint16(at + 7) };
    at += marker === 0xff ? 1 : 2 + bytes.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649 §2.5 to §2.7: lossy, lossless, extended. */
function webp(bytes: DataView): Size | null {
  const kind = String.fromCharCode(...[12, 13, 14, 15].map((at) => bytes.getUint8(at)));
  if (kind === 'VP8 ') {
    const side = (at: number) => bytes.getUint16(at, true) & 0x3fff;
    return { width: side(26), height: side(28) };
  }
  if (kind === 'VP8L') {
    const bits = bytes.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (kind !== 'VP8X') return null;
  const side = (at: number) => 1 + bytes.getUint16(at, true) + (bytes.getUint8(at + 2) << 16);
  return { width: side(24), height: side(27) };
}

/** ISO/IEC 23008-12 §6.5.3: the largest of its `ispe` boxes, wherever in the head they are. */
function avif(bytes: DataView): Size | null {
  const ISPE = 0x69737065;
  let largest: Size | null = null;
  for (let at = 0; at + 16 <= bytes.byteLength; at++) {
    if (bytes.getUint32(at) !== ISPE) continue;
    const size = { width: bytes.getUint32(at + 8), height: bytes.getUint32(at + 12) };
    const pixels = (one: Size) => one.width * one.height;
    if (largest === null || pixels(size) > pixels(largest)) largest = size;
  }
  return largest;
}
