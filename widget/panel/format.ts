/**
 * Days and times in the reader's way, by Intl; the formats are made once a panel, they are slow to
 * make.
 */

export interface Formats {
  /** `14:05` or `2:05 PM`. */
  time(time: number): string;
  /** `Today`, `Yesterday`, `Tuesday`, `3 March`, `3 March 2024`. */
  day(time: number, now: number): string;
  /** The same for every time of one day. */
  dayKey(time: number): string;
  /** The shortest that tells: a time today, else a day. */
  brief(time: number, now: number): string;
}

const DAY = 86_400_000;

/** @param locale of the words around; the reader's own clock (12 or 24 hours) is kept */
export function formatsOf(locale: string): Formats {
  const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, options);
  const clock = format({
    hour: 'numeric',
    minute: '2-digit',
    ...(hourCycle === undefined ? {} : { hourCycle }),
  });
  const weekday = format({ weekday: 'long' });
  const date = format({ day: 'numeric', month: 'long' });
  const fullDate = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const short = format({ day: 'numeric', month: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

  const day = (time: number, now: number): string => {
    const days = daysBetween(time, now);
    if (days === 0 || days === 1) return capital(relative.format(-days, 'day'));
    if (days > 1 && days < 7) return weekday.format(time);
    const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
    return (isThisYear ? date : fullDate).format(time);
  };
  return {
    time: (time) => clock.format(time),
    day,
    dayKey: (time) => new Date(time).toDateString(),
    brief: (time, now) => {
      const days = daysBetween(time, now);
      if (days === 0) return clock.format(time);
      return days > 0 && days < 7 ? day(time, now) : short.format(time);
    },
  };
}

/** Whole calendar days; a day may have 23 or 25 hours. */
function daysBetween(time: number, now: number): number {
  const start = (moment: number): number => new Date(moment).setHours(0, 0, 0, 0);
  return Math.round((start(now) - start(time)) / DAY);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
