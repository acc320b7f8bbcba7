const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/;

/** Beyond any time that an event can have; a number is cut to this many digits before it is counted with. */
const MAX_DIGITS = 30;

const MICROS_PER_SECOND = 1_000_000n;

/**
 * @param text a decimal number of seconds since the Unix epoch, maybe with a fraction or an exponent
 * @returns microseconds since the Unix epoch of the whole seconds, the fraction cut off; undefined when it is no number
 */
export function parseUnixSeconds(text: string): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  // Where the decimal point ends up, counted from the first digit that is left.
  const point = digits.length - fraction.length + Number(exponent);
  if (digits === '' || point <= 0) return 0n;
  const seconds = point > MAX_DIGITS ? 10n ** BigInt(MAX_DIGITS) : BigInt(digits.slice(0, point).padEnd(point, '0'));
  return (sign === '-' ? -seconds : seconds) * MICROS_PER_SECOND;
}

/** @returns the whole seconds since the Unix epoch that a parameter says; undefined without it */
export function secondsOf(text: string | undefined): bigint | undefined {
  const micros = text === undefined ? undefined : parseUnixSeconds(text);
  return micros === undefined ? undefined : micros / MICROS_PER_SECOND;
}
