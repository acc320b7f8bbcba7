import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/**
 * A time as people write it: RFC 3339, a day, Unix seconds, or how long ago (`90s`, `15m`, `2h`, `7d`, `1w`).
 * @returns Unix seconds, with a fraction where one was given
 * @throws {InvalidArgumentError} for anything else
 */
export function parseMoment(text: string, now = Date.now()): string {
  const ago = /^(\d{1,9})([smhdw])$/.exec(text);
  if (ago !== null) return String(Math.floor(now / 1_000) - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0));
  if (/^\d{1,12}(\.\d{1,6})?$/.test(text)) return text;
  const time = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(text.replace(' ', 'T'))
    : NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError('Write 2h (ago), 2026-11-02, 2026-11-02T08:00:00Z or Unix seconds.');
  }
  return String(time / 1_000);
}
