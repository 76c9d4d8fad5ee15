/** Puts a menu where it belongs: at a point, beside a bubble, or at the foot of the panel. */

import type { MenuPlace } from './gestures.js';

/** Pixels between a menu and what it belongs to, and from the edges of the panel. */
const GAP = 8;

/** @param menu in a veil, which is laid over the whole panel */
export function place(menu: HTMLElement, bubble: HTMLElement, at: MenuPlace): void {
  const veil = menu.parentElement;
  const within = menu.closest('.panel')?.getBoundingClientRect();
  const origin = veil?.offsetParent?.getBoundingClientRect();
  if (!veil || !within || !origin) return;
  const { style } = veil;
  style.left = `${within.left - origin.left}px`;
  style.top = `${within.top - origin.top}px`;
  style.width = `${within.width}px`;
  style.height = `${within.height}px`;
  if (at === 'sheet') return;
  const { width, height } = menu.getBoundingClientRect();
  const box = bubble.getBoundingClientRect();
  const isRight = within.right - box.right >= box.left - within.left;
  const beside = { x: isRight ? box.left : box.right - width, y: box.bottom + GAP };
  const isBelow = beside.y + height + GAP <= within.bottom;
  const point =
    at === 'beside' ? { ...beside, y: isBelow ? beside.y : box.top - GAP - height } : at;
  menu.style.left = `${inside(point.x, within.left, within.right - width) - within.left}px`;
  menu.style.top = `${inside(point.y, within.top, within.bottom - height) - within.top}px`;
}

function inside(value: number, from: number, to: number): number {
  return Math.max(from + GAP, Math.min(value, to - GAP));
}
