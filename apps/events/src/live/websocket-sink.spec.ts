import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { openWebSocketSink } from './websocket-sink.js';

const HEARTBEAT = 15_000;

class FakeSocket extends EventEmitter {
  pings = 0;
  closedWith: readonly [code: number, reason: string] | undefined;
  readonly ping = (): void => void (this.pings += 1);
  readonly close = (code: number, reason: string): void => void (this.closedWith = [code, reason]);
  readonly terminate = vi.fn(() => this.emit('close'));
}

let socket: FakeSocket;
const onClosed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onClosed.mockClear();
  socket = new FakeSocket();
});
afterEach(() => {
  vi.useRealTimers();
});

const open = () => openWebSocketSink(socket as unknown as WebSocket, onClosed);

it('gives up a peer that answers no ping', () => {
  open();
  vi.advanceTimersByTime(HEARTBEAT);
  expect([socket.pings, socket.terminate.mock.calls.length]).toEqual([1, 0]);
  vi.advanceTimersByTime(HEARTBEAT);
  expect(socket.terminate).toHaveBeenCalledOnce();
  expect(onClosed).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it('keeps one that does', () => {
  open();
  for (let count = 1; count <= 10; count += 1) {
    vi.advanceTimersByTime(HEARTBEAT);
    expect(socket.pings).toBe(count);
    socket.emit('pong');
  }
  expect(socket.terminate).not.toHaveBeenCalled();
});

it.each([
  ['slow', 1013],
  ['revoked', 4401],
  ['expired', 4401],
  ['shutting-down', 1001],
  ['unavailable', 1011],
] as const)('says that it ends as %s with %i, and waits for the good-bye a moment only', (reason, code) => {
  open().close(reason);
  expect(socket.closedWith).toEqual([code, expect.stringMatching(/\w/)]);
  expect(Buffer.byteLength(socket.closedWith?.[1] ?? '')).toBeLessThanOrEqual(123);
  vi.advanceTimersByTime(1_000);
  expect(socket.terminate).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
