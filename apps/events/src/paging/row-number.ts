const DIGITS = /^\d{1,19}$/;
const MAX_BIGINT = 2n ** 63n - 1n;

/** @returns the text when it is a number that a row can have: digits that fit PostgreSQL's 64 bits */
export function rowNumber(text: string): string | undefined {
  return DIGITS.test(text) && BigInt(text) <= MAX_BIGINT ? text : undefined;
}
