import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliEnvironment, nearestDataDirectory } from '../cli-environment.js';
import { connectionOf } from './connection.js';

let folder: string;
let environment: CliEnvironment;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-cli-'));
  writeFileSync(join(folder, 'admin-token'), 'kept\n');
  environment = {
    url: undefined,
    token: undefined,
    dataDirectory: folder,
    javaHome: undefined,
    hasOwnKafka: false,
    colours: undefined,
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

it('takes options before the environment, and the environment before what is usual', () => {
  const given = { ...environment, url: 'https://by-environment.example/', token: 'by-environment' };
  expect(connectionOf({}, environment)).toMatchObject({ url: 'http://127.0.0.1:4100', token: 'kept' });
  expect(connectionOf({}, given)).toEqual({
    url: 'https://by-environment.example',
    urlOrigin: 'TIDINGS_URL',
    token: 'by-environment',
    tokenOrigin: 'TIDINGS_TOKEN',
  });
  expect(connectionOf({ url: 'http://by-option:1/tidings/', token: 'by-option' }, given)).toEqual({
    url: 'http://by-option:1/tidings',
    urlOrigin: '--url',
    token: 'by-option',
    tokenOrigin: '--token',
  });
});

it.each(['http://localhost:4100', 'http://127.0.0.1:1', 'http://127.1.2.3', 'http://[::1]:4100'])(
  'shows the admin token of this machine to %s',
  (url) => {
    expect(connectionOf({ url }, environment).token).toBe('kept');
  },
);

it.each(['https://tidings.example', 'http://127.0.0.1.example', 'http://10.0.0.1:4100', 'http://localhost.example'])(
  'never shows it to %s',
  (url) => {
    expect(connectionOf({ url }, environment)).toMatchObject({ token: undefined });
  },
);

it('has no token where there is none to be read', () => {
  const elsewhere = { ...environment, dataDirectory: join(folder, 'none') };
  expect(connectionOf({}, elsewhere)).toMatchObject({ token: undefined, tokenOrigin: 'nowhere' });
});

it('finds the server that was started here, and its admin token, on whatever address it listens', () => {
  const started = join(folder, 'started');
  mkdirSync(started);
  writeFileSync(join(started, 'admin-token'), 'its-own\n');
  writeFileSync(join(started, 'server-url'), 'http://192.0.2.7:4740\n');
  expect(connectionOf({}, { ...environment, dataDirectory: started })).toEqual({
    url: 'http://192.0.2.7:4740',
    urlOrigin: join(started, 'server-url'),
    token: 'its-own',
    tokenOrigin: join(started, 'admin-token'),
  });
});

it('looks for the data directory from the working directory upwards', () => {
  const below = join(folder, 'clone', 'apps', 'cli');
  mkdirSync(below, { recursive: true });
  expect(nearestDataDirectory(below)).toBeUndefined();
  mkdirSync(join(folder, 'clone', '.tidings'));
  expect(nearestDataDirectory(below)).toBe(join(folder, 'clone', '.tidings'));
  // A file of that name is none.
  writeFileSync(join(folder, 'clone', 'apps', '.tidings'), '');
  expect(nearestDataDirectory(below)).toBe(join(folder, 'clone', '.tidings'));
});

it.skipIf(process.getuid?.() !== 0)('passes over a data directory of another user', () => {
  const below = join(folder, 'theirs', 'below');
  mkdirSync(below, { recursive: true });
  mkdirSync(join(folder, 'theirs', '.tidings'));
  chownSync(join(folder, 'theirs', '.tidings'), 12_345, 12_345);
  expect(nearestDataDirectory(below)).toBeUndefined();
});

it.each(['', 'nowhere', 'ftp://host', 'http://user:secret@host'])(
  'refuses "%s" as a URL, and does not repeat it',
  (url) => {
    expect(() => connectionOf({ url }, environment)).toThrow('--url: is not the URL of a server');
  },
);

it('refuses a token that no header can have', () => {
  expect(() => connectionOf({ token: 'two words' }, environment)).toThrow('--token: must be printable ASCII');
});
