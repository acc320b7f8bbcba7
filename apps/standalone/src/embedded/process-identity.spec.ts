import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isRunning, parseIdentity, processOf } from './process-identity.js';

it('tells a running process from one that has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', 'a marker'], { stdio: 'pipe' });
  const found = processOf(child.pid ?? 0);
  expect(found?.command).toContain('a marker');
  const identity = { pid: found?.pid ?? 0, started: found?.started ?? '' };
  expect(isRunning(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isRunning(identity)).toBe(false);
});

it('does not take another process with the same number for the first', () => {
  expect(isRunning({ pid: process.pid, started: 'some other time' })).toBe(false);
});

it.each(['', '{', 'null', '{"pid":0,"started":"x"}', '{"pid":"1","started":"x"}', '{"pid":1}'])(
  'reads no identity from %j',
  (text) => {
    expect(parseIdentity(text)).toBeUndefined();
  },
);

it('reads back what was written', () => {
  expect(parseIdentity(JSON.stringify({ pid: 7, started: 'then' }))).toEqual({ pid: 7, started: 'then' });
});
