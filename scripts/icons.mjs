/**
 * The icons of the inbox as an app, drawn as pixels: the drop with two eyes of examples/icon.svg. As
 * PNG because app stores of phones take nothing else (W3C Manifest §"icons", Apple touch icon).
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const GREEN = [0x0f, 0x6b, 0x5c];
const WHITE = [0xff, 0xff, 0xff];
/** Samples of a pixel in each direction, which smooth its edges. */
const SAMPLES = 4;
/** Of a maskable icon a circle of 40 % of its width is always seen; the drop fits into it. */
const SAFE = 0.56;

/** All in units of icon.svg, which is 32 wide. */
const isEye = (x, y) => [10.5, 21.5].some((at) => Math.hypot(x - at, y - 16) < 3);

/** A circle of 15, with a corner of 7 at the end of the line. */
function isDrop(x, y) {
  if (x <= 16 || y <= 16) return Math.hypot(x - 16, y - 16) < 15;
  return x < 31 && y < 31 && (x < 24 || y < 24 || Math.hypot(x - 24, y - 24) < 7);
}

/** @returns {[number[], number]} colour and opacity at a point */
function plain(x, y) {
  return isEye(x, y) ? [WHITE, 1] : [GREEN, isDrop(x, y) ? 1 : 0];
}

/** Fills its square, for systems that cut it to a shape of theirs. */
function full(x, y) {
  const [inX, inY] = [(x - 16) / SAFE + 16, (y - 16) / SAFE + 16];
  return [isDrop(inX, inY) && !isEye(inX, inY) ? WHITE : GREEN, 1];
}

/** Rows of RGBA, each behind the number of its filter: none (PNG §9.2). */
function pixels(size, at) {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const sum = [0, 0, 0, 0];
      for (let n = 0; n < SAMPLES ** 2; n += 1) {
        const x = ((column + ((n % SAMPLES) + 0.5) / SAMPLES) * 32) / size;
        const y = ((row + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES) * 32) / size;
        const [color, opacity] = at(x, y);
        color.forEach((part, index) => {
          sum[index] += part * opacity;
        });
        sum[3] += opacity;
      }
      const place = row * (1 + size * 4) + 1 + column * 4;
      for (let part = 0; part < 3; part += 1) rows[place + part] = sum[3] ? sum[part] / sum[3] : 0;
      rows[place + 3] = (sum[3] * 255) / SAMPLES ** 2;
    }
  }
  return rows;
}

/** Length, type, data, checksum of the last two (PNG §5.3). */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

function png(size, at) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size);
  head.writeUInt32BE(size, 4);
  head.set([8, 6], 8); // bits of a part, colour with opacity
  const data = deflateSync(pixels(size, at), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

const ICONS = {
  192: [192, plain],
  512: [512, plain],
  '512-maskable': [512, full],
  180: [180, full],
};

/** Writes `icons/` into `folder`. */
export function drawIcons(folder) {
  mkdirSync(join(folder, 'icons'), { recursive: true });
  for (const [name, [size, at]] of Object.entries(ICONS)) {
    writeFileSync(join(folder, 'icons', `${name}.png`), png(size, at));
  }
}
