/**
 * Whether `npm run test:dates` has shifted this process's clock. PostgreSQL's own timers (`statement_timeout` and the
 * like) do not fire under libfaketime, so tests that wait for one are skipped there, and only there.
 */
export const CLOCK_IS_SHIFTED = process.env['FAKETIME'] !== undefined;
