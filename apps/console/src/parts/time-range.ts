const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/**
 * A bound of a range of time as people write it: `now-1h`, `now`, or a time as RFC 3339 has it.
 * @param now milliseconds
 * @returns seconds since 1970; undefined for what cannot be read
 */
export function secondsOf(text: string, now: number): number | undefined {
  const [isRelative, count = '0', unit = 's'] = /^now(?:-(\d{1,6})([smhdw]))?$/.exec(text.trim()) ?? [];
  if (isRelative !== undefined) return Math.floor(now / 1_000) - Number(count) * (UNITS[unit] ?? 1);
  // What else the browser takes for a time, it guesses.
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : Math.floor(time / 1_000);
}
