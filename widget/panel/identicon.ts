/**
 * A picture for an address, made here from the address alone: nine tiles of simple shapes in a
 * palette. It helps to tell people apart at a glance; it proves nothing, the address does.
 */

export interface Identicon {
  readonly background: string;
  /** Paths of a 60 × 60 picture. */
  readonly shapes: readonly { readonly path: string; readonly fill: string }[];
}

/** Background and three colours, which go together and stand apart from each other. */
const PALETTES = [
  ['#dfece4', '#1f6f5c', '#f2b84b', '#e4572e'],
  ['#e1e7f6', '#2b4c9b', '#f28f6b', '#86b6e8'],
  ['#f7e3dc', '#b23a48', '#f4a698', '#463f57'],
  ['#f3e9cc', '#8a6d1d', '#3d6b63', '#e0a03b'],
  ['#e7e0f3', '#5b3f8c', '#e58fb1', '#8fc7bd'],
  ['#d9eded', '#0f6674', '#f0c27b', '#d1495b'],
  ['#f5e0ea', '#8d2f63', '#f5b700', '#4b88a2'],
  ['#e5efd4', '#4d7a2a', '#f08a4b', '#2f4858'],
  ['#e6e3da', '#37423d', '#d98e73', '#7aa095'],
  ['#dce8fb', '#1d5fa8', '#f7c548', '#ef6f6c'],
  ['#fde6d3', '#c05621', '#2c5282', '#f6ad55'],
  ['#dff0ef', '#356a77', '#9cc7a4', '#ee8c68'],
] as const;

/** Shapes of one tile of 20, relative to its upper left corner: quarters, discs, leaves, halves. */
const TILES = [
  'h20a20 20 0 0 1-20 20z',
  'h20v20a20 20 0 0 1-20-20z',
  'm20 0v20h-20a20 20 0 0 1 20-20z',
  'a20 20 0 0 1 20 20h-20z',
  'm0 10a10 10 0 1 1 20 0a10 10 0 1 1-20 0z',
  'a20 20 0 0 1 20 20a20 20 0 0 1-20-20z',
  'm20 0a20 20 0 0 1-20 20a20 20 0 0 1 20-20z',
  'h10v20h-10z',
  'h20v10h-20z',
  'h20v20h-20z',
  'h20l-20 20z',
] as const;

export function identicon(address: string): Identicon {
  const next = numbers(address.toLowerCase());
  const [background, ...fills] = pick(PALETTES, next());
  const shapes = [];
  for (let tile = 0; tile < 9; tile += 1) {
    const path = `M${20 * (tile % 3)} ${20 * Math.floor(tile / 3)}${pick(TILES, next())}`;
    shapes.push({ path, fill: pick(fills, next()) });
  }
  return { background, shapes };
}

function pick<Values extends readonly unknown[]>(values: Values, number: number): Values[number] {
  return values[number % values.length];
}

/**
 * Numbers that differ wholly for addresses that differ in one character: FNV-1a as the seed
 * (offset basis and prime of its 32-bit form) of xorshift32 (Marsaglia 2003, shifts 13, 17, 5).
 */
function numbers(text: string): () => number {
  let state = 0x811c9dc5;
  for (const character of text) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  state ||= 1; // xorshift stays at zero for ever
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) >>> 4; // the lowest bits follow each other too closely
  };
}
