import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataDirectory } from './data-directory.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-data-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is made where it is missing, and belongs to one instance at a time', () => {
  const path = join(folder, 'deeply', 'hidden');
  const held = DataDirectory.open(path);
  expect(() => DataDirectory.open(path)).toThrow(
    `is in use by another instance (process ${process.pid}). Stop that one, or set TIDINGS_DATA_DIR`,
  );
  held.release();
  expect(readdirSync(path)).toEqual([]);
  DataDirectory.open(path).release();
});

it.each([
  ['a process that has ended', JSON.stringify({ pid: 2 ** 22 + 1, started: 'x' })],
  ['another process that has its number now', JSON.stringify({ pid: process.pid, started: 'x' })],
  ['nobody, since its writing broke off', '{"pid":'],
])('is taken over from %s', (_, lock) => {
  writeFileSync(join(folder, 'instance.json'), lock);
  DataDirectory.open(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});

it('is waited for while its holder stops, and not while its holder goes on', async () => {
  const held = DataDirectory.open(folder);
  await DataDirectory.whenNotStopping(folder);
  held.announceStop();
  let waited = false;
  const waiting = DataDirectory.whenNotStopping(folder).then(() => (waited = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(waited).toBe(false);
  held.release();
  await waiting;
  expect(readdirSync(folder)).toEqual([]);
});

it('is not waited for when its holder was killed while it stopped', async () => {
  writeFileSync(join(folder, 'instance.json'), JSON.stringify({ pid: process.pid, started: 'x' }));
  writeFileSync(join(folder, 'instance.stopping'), '');
  await DataDirectory.whenNotStopping(folder);
  DataDirectory.open(folder).release();
  expect(readdirSync(folder)).toEqual([]);
});

it('says so where it cannot be used', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => DataDirectory.open(join(folder, 'file'))).toThrow('set TIDINGS_DATA_DIR to another one');
});

it('keeps a secret for its owner alone', () => {
  const directory = DataDirectory.open(folder);
  const secret = directory.secret('admin-token');
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(statSync(join(folder, 'admin-token')).mode & 0o777).toBe(0o600);
  expect(directory.secret('admin-token')).toBe(secret);
  expect(directory.secret('another')).not.toBe(secret);
  directory.release();
});
