import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { listItems, oneOf, textFile, WrongValue } from '@tidings/settings';
import { makeExactValidator } from 'envalid';

/** A TCP port; 0 asks the operating system to choose a free one. */
export const listeningPort = makeExactValidator<number>((input) => {
  const text = input.trim();
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new WrongValue('has to be a port from 0 to 65535, where 0 chooses a free one');
  }
  return Number(text);
});

/** What is shorter can be tried out. */
const MIN_TOKEN = 32;

/** A secret as it can stand in an HTTP header. */
export const headerToken = makeExactValidator<string>((input) => {
  if (!/^[\x21-\x7e]+$/.test(input)) throw new WrongValue('has to be printable ASCII without spaces');
  if (input.length < MIN_TOKEN) {
    throw new WrongValue(
      `has to be at least ${MIN_TOKEN} characters, so that nobody can guess it: openssl rand -base64 32`,
    );
  }
  return input;
});

/** How much is logged, in Nest's words, or `info`, as most of the world calls `log`. */
export const logLevel = <T extends string>(levels: readonly (T | 'log')[]) =>
  makeExactValidator<T | 'log'>((input) => {
    const word = input.trim().toLowerCase();
    return word === 'info' ? 'log' : oneOf(levels)()._parse(word);
  });

/** Some words of a list, separated by commas; duplicates are dropped. */
export const someOf = <T extends string>(words: readonly T[]) =>
  makeExactValidator<readonly T[]>((input) => {
    const given = listItems(input).map((item) => item.toLowerCase());
    const found = words.filter((word) => given.includes(word));
    if (given.length === 0 || given.some((item) => !words.some((word) => word === item))) {
      throw new WrongValue(`has to be a comma-separated list out of ${words.join(', ')}`);
    }
    return found;
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

/** A file that is read at once; the value is where it is, and its text. */
export const readFile = makeExactValidator<{ readonly path: string; readonly text: string }>((input) => ({
  path: resolve(input),
  text: textFile()._parse(input),
}));

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

/** Names of packages, or paths of modules. */
export const moduleList = makeExactValidator<readonly string[]>((input) => {
  const modules = listItems(input);
  if (modules.length === 0 || modules.some((module) => /\p{Cc}/u.test(module))) {
    throw new WrongValue('has to be a comma-separated list of packages or paths, for example @acme/events,./events');
  }
  return [...new Set(modules)];
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
