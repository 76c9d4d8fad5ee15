/**
 * Pictures on the screen: decoded by the browser into a canvas, which needs no address that a page's
 * policy would have to allow, and handed to its downloads.
 */

import { type Size, sizeOf } from './pixels.js';

/** Whether a file that is here can be shown. */
export async function isPicture(file: File): Promise<boolean> {
  return file.type.startsWith('image/') && (await sizeOf(file)) !== null;
}

/**
 * Draws a picture, in its proportions, no larger than `side` pixels of the page each way.
 * @returns false where it cannot be decoded
 */
export async function draw(file: Blob, canvas: HTMLCanvasElement, side: number): Promise<boolean> {
  try {
    const bitmap = await createImageBitmap(file);
    const density = Math.min(globalThis.devicePixelRatio || 1, 2);
    const size = within(bitmap, side * density);
    canvas.width = size.width;
    canvas.height = size.height;
    canvas.style.inlineSize = `${size.width / density}px`;
    const context = canvas.getContext('2d');
    if (context !== null) context.imageSmoothingQuality = 'high';
    context?.drawImage(bitmap, 0, 0, size.width, size.height);
    bitmap.close();
    return true;
  } catch {
    return false;
  }
}

function within({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  const to = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: to(width), height: to(height) };
}

/** Hands a file to the browser's downloads, whatever it is: nothing of it is opened. */
export function save(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The browser has taken it by the next turn; a second is for slow ones.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
