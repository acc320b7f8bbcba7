import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Surroundings } from '../surroundings.js';
import { connectionOf } from './connection.js';

let folder: string;
let surroundings: Surroundings;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-cli-'));
  writeFileSync(join(folder, 'admin-token'), 'kept\n');
  surroundings = {
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
  const environment = { ...surroundings, url: 'https://by-environment.example/', token: 'by-environment' };
  expect(connectionOf({}, surroundings)).toMatchObject({ url: 'http://127.0.0.1:4100', token: 'kept' });
  expect(connectionOf({}, environment)).toEqual({
    url: 'https://by-environment.example',
    token: 'by-environment',
    tokenOrigin: 'TIDINGS_TOKEN',
  });
  expect(connectionOf({ url: 'http://by-option:1/tidings/', token: 'by-option' }, environment)).toEqual({
    url: 'http://by-option:1/tidings',
    token: 'by-option',
    tokenOrigin: '--token',
  });
});

it.each(['http://localhost:4100', 'http://127.0.0.1:1', 'http://127.1.2.3', 'http://[::1]:4100'])(
  'shows the admin token of this machine to %s',
  (url) => {
    expect(connectionOf({ url }, surroundings).token).toBe('kept');
  },
);

it.each(['https://tidings.example', 'http://127.0.0.1.example', 'http://10.0.0.1:4100', 'http://localhost.example'])(
  'never shows it to %s',
  (url) => {
    expect(connectionOf({ url }, surroundings)).toMatchObject({ token: undefined });
  },
);

it('has no token where there is none to be read', () => {
  const elsewhere = { ...surroundings, dataDirectory: join(folder, 'none') };
  expect(connectionOf({}, elsewhere)).toMatchObject({ token: undefined, tokenOrigin: 'nowhere' });
});

it.each(['', 'nowhere', 'ftp://host', 'http://user:secret@host'])(
  'refuses "%s" as a URL, and does not repeat it',
  (url) => {
    expect(() => connectionOf({ url }, surroundings)).toThrow('--url: is not the URL of a server');
  },
);

it('refuses a token that no header can have', () => {
  expect(() => connectionOf({ token: 'two words' }, surroundings)).toThrow('--token: has to be printable ASCII');
});
