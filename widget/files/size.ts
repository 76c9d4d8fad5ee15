/** Sizes in the reader's way, by Intl. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** As people say it: a thousand bytes are a kilobyte. */
export function bytesIn(locale: string, bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const unit = UNITS[power] ?? 'byte';
  const digits = power > 1 ? 1 : 0;
  const format = { style: 'unit', unit, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale, format).format(bytes / 1000 ** power);
}
