/**
 * Colours and measures. A page sets the `--pim-*` ones; the rules read the `--_*` ones, which are
 * the page's value or ours. Light and dark stand side by side in one table.
 */

/**
 * name: [light, dark, whose value of the page it follows]. Every text colour has at least 4.5:1 on
 * the surfaces it is used on. My own bubbles follow the page's accent, but are calmer in the dark.
 */
const COLORS = {
  accent: ['#0f6b5c', '#58c7ae'],
  'on-accent': ['#ffffff', '#06251f'],
  surface: ['#ffffff', '#161a19'],
  sunken: ['#f4f6f3', '#101413'],
  text: ['#18211e', '#e9eeeb'],
  muted: ['#5a6762', '#9daaa5'],
  line: ['#e2e7e3', '#2a312e'],
  theirs: ['#eef1ee', '#232a28'],
  'theirs-text': ['#18211e', '#e9eeeb'],
  good: ['#167a49', '#4fcf8e'],
  danger: ['#b3261e', '#ff9b8f'],
  badge: ['#cf2f3a', '#cf2f3a'],
  note: ['#fbf3dc', '#332c17'],
  'note-text': ['#5f4600', '#f0d890'],
  mine: ['#0f6b5c', '#1c5248', 'accent'],
  'mine-text': ['#ffffff', '#eefaf6', 'on-accent'],
} as const;

const MEASURES = `
--_hover:color-mix(in srgb,var(--_text) 7%,transparent);
--_font-size:var(--pim-font-size,.9375em);
--_radius:var(--pim-radius,20px);
--_width:var(--pim-width,384px);
--_height:var(--pim-height,640px);
--_launcher:var(--pim-launcher-size,58px);
--_inline:var(--pim-offset-inline,20px);
--_block:var(--pim-offset-block,20px);
--_z:var(--pim-z-index,9999);
--_shadow:var(--pim-shadow,0 2px 6px #0b1f1a14,0 12px 40px #0b1f1a2e);`;

/** Browsers without `light-dark()` (before 2024) stay light. */
const hasBoth = globalThis.CSS?.supports?.('color', 'light-dark(#000,#fff)');

const colors = Object.entries(COLORS).map(([name, [light, dark, followed]]) => {
  const own = hasBoth ? `light-dark(${light},${dark})` : light;
  return `--_${name}:var(--pim-${name},${followed ? `var(--pim-${followed},${own})` : own});`;
});

export const TOKENS = `.root{${colors.join('')}${MEASURES}}`;
