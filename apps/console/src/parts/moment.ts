const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const JUST_NOW_SECONDS = 5;

/** How long ago a time is, or how far ahead: `3 min. ago`. @param now milliseconds */
export function agoText(time: Date, now: number, justNow: string): string {
  const seconds = Math.round((time.getTime() - now) / 1_000);
  if (Math.abs(seconds) < JUST_NOW_SECONDS) return justNow;
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return relative.format(Math.trunc(seconds / length), unit);
}

const absolute = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

const short = new Intl.DateTimeFormat('en', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** For lists, whose head says the zone. */
export function shortText(time: Date): string {
  return short.format(time);
}

/** With its zone beside it: a time without one is a guess. */
export function absoluteText(time: Date): string {
  return `${absolute.format(time)} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
}
