const DAY_SECONDS = 86_400;

/**
 * The dates that the tests have to pass on, with the time zone that each is tried in. The clock only goes ahead, so that
 * nothing which is on the disk already is of the future.
 *
 * @param {Date} now
 * @returns {{ name: string, zone: string, seconds: number }[]} seconds: how far ahead of now the clock is set
 */
export function clockShifts(now) {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const leapYear = year + ((4 - (year % 4)) % 4);
  const ahead = (...instants) => {
    const next = instants.find((instant) => instant > now.getTime());
    return Math.ceil((next - now.getTime()) / 1_000);
  };
  // Each of the first two turns shortly after the start.
  const monthEnds = [1, 2].map((months) => Date.UTC(year, month + months, 1) - 10_000);
  const yearEnds = [1, 2].map((years) => Date.UTC(year + years, 0, 1) - 120_000);
  const leapDays = [0, 4].map((years) => Date.UTC(leapYear + years, 1, 29, 12));
  return [
    { name: '+1d', zone: 'Pacific/Kiritimati', seconds: DAY_SECONDS },
    { name: '+40d', zone: 'America/St_Johns', seconds: 40 * DAY_SECONDS },
    { name: 'month-end', zone: 'UTC', seconds: ahead(...monthEnds) },
    { name: '31-december', zone: 'Asia/Kolkata', seconds: ahead(...yearEnds) },
    { name: '29-february', zone: 'Europe/Berlin', seconds: ahead(...leapDays) },
    { name: '+2y', zone: 'America/Los_Angeles', seconds: 730 * DAY_SECONDS },
  ];
}
