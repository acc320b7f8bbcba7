import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { EnvError, makeExactValidator } from 'envalid';

/** Says what is wrong with a variable and what would be right. Its message must never hold the value. */
export class WrongValue extends EnvError {}

/** A whole number within limits. */
export const wholeNumber = (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  makeExactValidator<number>((input) => {
    const text = input.trim();
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < minimum || value > maximum) {
      const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
      throw new WrongValue(`has to be a whole number ${range}`);
    }
    return value;
  });

/** A TCP port; 0 asks the operating system to choose a free one. */
export const listeningPort = makeExactValidator<number>((input) => {
  const text = input.trim();
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new WrongValue('has to be a port from 0 to 65535, where 0 chooses a free one');
  }
  return Number(text);
});

/** Any text without control characters. */
export const text = makeExactValidator<string>((input) => {
  if (/\p{Cc}/u.test(input)) throw new WrongValue('has to be text without control characters');
  return input;
});

/** A secret as it can stand in an HTTP header. */
export const headerToken = makeExactValidator<string>((input) => {
  if (!/^[\x21-\x7e]+$/.test(input)) throw new WrongValue('has to be printable ASCII without spaces');
  return input;
});

export const yesOrNo = makeExactValidator<boolean>((input) => {
  const word = input.trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new WrongValue('has to be true or false');
});

/** One word of a list, whatever its case. */
export const oneOf = <T extends string>(words: readonly T[]) =>
  makeExactValidator<T>((input) => {
    const found = words.find((word) => word === input.trim().toLowerCase());
    if (found === undefined) throw new WrongValue(`has to be one of ${words.join(', ')}`);
    return found;
  });

/** How much is logged, in Nest's words, or `info`, as most of the world calls `log`. */
export const logLevel = <T extends string>(levels: readonly (T | 'log')[]) =>
  makeExactValidator<T | 'log'>((input) => {
    const word = input.trim().toLowerCase();
    return word === 'info' ? 'log' : oneOf(levels)()._parse(word);
  });

/** Some words of a list, separated by commas; doubles are dropped. */
export const someOf = <T extends string>(words: readonly T[]) =>
  makeExactValidator<readonly T[]>((input) => {
    const given = listItems(input).map((item) => item.toLowerCase());
    const found = words.filter((word) => given.includes(word));
    if (given.length === 0 || given.some((item) => !words.some((word) => word === item))) {
      throw new WrongValue(`has to be a comma-separated list out of ${words.join(', ')}`);
    }
    return found;
  });

/** Kafka bootstrap addresses, `host:port` each. */
export const brokerList = makeExactValidator<readonly string[]>((input) => {
  const brokers = listItems(input);
  if (brokers.length === 0 || !brokers.every(isBroker)) {
    throw new WrongValue('has to be a comma-separated list of host:port, for example kafka-1:9092,kafka-2:9092');
  }
  return brokers;
});

/** The start of topic and group names: Kafka's own alphabet, and short enough to leave room for the rest. */
export const kafkaPrefix = makeExactValidator<string>((input) => {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(input) || /^\.+$/.test(input)) {
    throw new WrongValue('has to be at most 100 letters, digits, dots, underscores and hyphens');
  }
  return input;
});

const SSL_MODES = { disable: 'off', require: 'verify', 'verify-ca': 'verify', 'verify-full': 'verify' } as const;
const SSL_MODE_NAMES = [...Object.keys(SSL_MODES), 'no-verify'].join(', ');

/** A PostgreSQL address, with its TLS mode taken out of it. */
export interface DatabaseAddress {
  /** The URL without parameters: user, password, host, port and database. */
  readonly url: string;
  /** What `sslmode` asked for; undefined when it was not given. */
  readonly tls: 'off' | 'verify' | 'no-verify' | undefined;
  /** Names of URL parameters that mean nothing here. */
  readonly ignoredParameters: readonly string[];
}

export const databaseUrl = makeExactValidator<DatabaseAddress>((input) => {
  const shape = 'has to be a URL like postgres://user:password@host:5432/database';
  if (!URL.canParse(input)) throw new WrongValue(shape);
  const url = new URL(input);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw new WrongValue(shape);
  if (url.hostname === '' || url.pathname.length < 2 || url.pathname.slice(1).includes('/')) {
    throw new WrongValue(`${shape}: the host and the database are needed`);
  }
  if (![url.username, url.password, url.pathname].every(isPercentEncoded)) {
    throw new WrongValue(`${shape}: a % in the user, the password or the database is written %25`);
  }
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && mode !== 'no-verify' && !isSslMode(mode)) {
    throw new WrongValue(`has an sslmode that is none of ${SSL_MODE_NAMES}`);
  }
  const ignoredParameters = [...new Set(url.searchParams.keys())].filter((name) => name !== 'sslmode');
  url.search = '';
  url.hash = '';
  return {
    url: url.href,
    tls: mode === null || mode === 'no-verify' ? (mode ?? undefined) : isSslMode(mode) ? SSL_MODES[mode] : undefined,
    ignoredParameters,
  };
});

/** A file that is read at once; the value is its text. */
export const textFile = makeExactValidator<string>((input) => {
  try {
    return readFileSync(input, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new WrongValue(`names a file that cannot be read (${code})`);
  }
});

/** A file that is read at once; the value is where it is, and its text. */
export const readFile = makeExactValidator<{ readonly path: string; readonly text: string }>((input) => ({
  path: resolve(input),
  text: textFile()._parse(input),
}));

/** A PEM file that is read at once; the value is its text. */
export const pemFile = makeExactValidator<string>((input) => {
  const content = textFile()._parse(input);
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(content)) throw new WrongValue('names a file that is not in PEM format');
  return content;
});

/** A key of 32 bytes, in base64 or base64url. */
export const encryptionKey = makeExactValidator<string>((input) => {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(input) || Buffer.from(input, 'base64').length !== 32) {
    throw new WrongValue('has to be 32 random bytes in base64, as `openssl rand -base64 32` prints them');
  }
  return input;
});

/** Networks in CIDR form. */
export const networkList = makeExactValidator<readonly string[]>((input) => {
  const networks = listItems(input);
  if (networks.length === 0 || !networks.every(isNetwork)) {
    throw new WrongValue('has to be a comma-separated list of networks, for example 10.1.0.0/16,fd00::/8');
  }
  return networks;
});

/** The address of a server of ours, without a slash at its end. */
export const httpUrl = makeExactValidator<string>((input) => {
  if (!URL.canParse(input) || !['http:', 'https:'].includes(new URL(input).protocol)) {
    throw new WrongValue('has to be a URL like http://events:4100');
  }
  return input.replace(/\/+$/, '');
});

function isNetwork(network: string): boolean {
  const [, address = '', bits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(network) ?? [];
  try {
    // It throws where the address or the number of bits is none.
    new BlockList().addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

function listItems(input: string): string[] {
  return [
    ...new Set(
      input
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
  ];
}

function isBroker(broker: string): boolean {
  const match = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+):(\d{1,5})$/.exec(broker);
  return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535;
}

function isPercentEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function isSslMode(mode: string): mode is keyof typeof SSL_MODES {
  return Object.hasOwn(SSL_MODES, mode);
}
