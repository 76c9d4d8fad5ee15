/** QR codes; the one door to uqr, in a chunk of its own. */

import { encode } from 'uqr';

/** @returns the side in modules, with the quiet zone of 4 (ISO/IEC 18004 §9.1), and the dark ones */
export function qrCode(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) =>
    row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')),
  );
  return { size, path: path.join('') };
}
