import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { becomesReady } from './becomes-ready.js';

const answers: number[] = [];
let server: Server;
let url: string;
const logger = { log: vi.fn(), warn: vi.fn(), error: vi.fn() };

beforeEach(async () => {
  answers.length = 0;
  server = createServer((_, response) => {
    response.statusCode = answers.shift() ?? 503;
    response.end('{"error":{"kafka":{"status":"down","reason":"not joined"}}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  vi.restoreAllMocks();
  server.close();
});

it('waits for the answer that says so', async () => {
  answers.push(503, 503, 200);
  const say = vi.fn();
  await becomesReady(url, new AbortController().signal, logger, say);
  expect(say).toHaveBeenLastCalledWith('waiting for kafka');
  expect(answers).toEqual([]);
  expect(logger.warn).not.toHaveBeenCalled();
});

it('gives up when it is told to', async () => {
  const abort = new AbortController();
  const waiting = becomesReady(url, abort.signal, logger);
  abort.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
});

it('says what is missing when it takes long, and waits no more', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 20_000));
  await becomesReady(url, new AbortController().signal, logger);
  expect(logger.warn).toHaveBeenCalledWith(expect.stringContaining('not joined'));
});
