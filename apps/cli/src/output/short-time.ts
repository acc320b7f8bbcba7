/** A time of the API for a narrow terminal, in UTC as everywhere: of today the time, of this year the day and the minute. */
export function shortTime(time: string, now = new Date()): string {
  const [day = '', clock = ''] = time.split('T');
  const today = now.toISOString().slice(0, 10);
  if (day === today) return clock.slice(0, 8);
  return day.slice(0, 4) === today.slice(0, 4) ? `${day.slice(5)} ${clock.slice(0, 5)}` : day;
}

/** A time as a table has room for it: without fractions of a second. */
export function wholeSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
