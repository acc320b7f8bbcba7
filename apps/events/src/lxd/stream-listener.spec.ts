import { EventEmitter } from 'node:events';
import { STREAM_LIMITS } from '@tidings/catalogue';
import type { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '../live/live-events.js';
import { LXD_STREAM, StreamListener } from './stream-listener.js';

/** As much of a WebSocket as the listener uses; it takes what it is handed when it is told to. */
class FakeSocket extends EventEmitter {
  readonly sent: string[] = [];
  readonly waiting: (() => void)[] = [];
  pings = 0;
  closedWith: readonly [number, string] | undefined;
  bufferedAmount = 0;
  send(text: string, done: () => void): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
    this.waiting.push(() => {
      this.bufferedAmount -= text.length;
      done();
    });
  }
  ping(_data: undefined, _mask: undefined, done: () => void): void {
    this.pings += 1;
    done();
  }
  close(code: number, reason: string): void {
    this.closedWith = [code, reason];
  }
  terminate(): void {
    this.emit('close');
  }
  /** The connection takes all that it has been handed. */
  drain(): void {
    while (this.waiting.length > 0) this.waiting.shift()?.();
  }
}

const ALL = { types: undefined, project: undefined };
let socket: FakeSocket;
let gone: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  gone = vi.fn();
});
afterEach(() => vi.useRealTimers());

const asWebSocket = (fake: FakeSocket): WebSocket => fake as unknown as WebSocket;

function eventOf(data: object, type = 'com.canonical.lxd.lifecycle.instance-started', system = 'lxd'): LiveEvent {
  return {
    position: '1',
    id: '0'.repeat(32),
    typeId: 1,
    system,
    type,
    nativeType: 'instance-started',
    source: '/lxd/main',
    subject: undefined,
    eventId: 'a',
    time: '2026-11-02T10:42:03.737616214Z',
    message: '',
    data: JSON.stringify(data),
    attributes: undefined,
  };
}

const STARTED = { metadata: { action: 'instance-started', source: '/1.0/instances/c1' } };

function connected(request: ConstructorParameters<typeof StreamListener>[0] = ALL): StreamListener {
  const listener = new StreamListener(request, gone);
  listener.connect(asWebSocket(socket));
  return listener;
}

describe('what it sends', () => {
  it('has the fields that LXD sent, and no others', () => {
    expect(connected().take(eventOf({ ...STARTED, project: 'p' }))).toBe(true);
    expect(JSON.parse(socket.sent[0] ?? '')).toEqual({
      type: 'lifecycle',
      timestamp: '2026-11-02T10:42:03.737616214Z',
      ...STARTED,
      project: 'p',
    });
  });

  it('is what the client asked for; what has no project is everybody’s', () => {
    const listener = connected({ types: new Set(['lifecycle']), project: 'p' });
    listener.take(eventOf({ ...STARTED, project: 'p' }));
    listener.take(eventOf({ ...STARTED, project: '' }));
    listener.take(eventOf(STARTED));
    listener.take(eventOf({ ...STARTED, project: 'q' }));
    listener.take(eventOf({ metadata: {} }, 'com.canonical.lxd.logging'));
    listener.take(eventOf(STARTED, 'com.waldur.customer_creation_succeeded', 'waldur'));
    expect(socket.sent).toHaveLength(3);
  });

  it('waits for the connection, in its order', () => {
    const listener = new StreamListener(ALL, gone);
    for (const project of ['a', 'b', 'c']) listener.take(eventOf({ ...STARTED, project }));
    listener.connect(asWebSocket(socket));
    expect(socket.sent.map((text) => (JSON.parse(text) as { project: string }).project)).toEqual(['a', 'b', 'c']);
  });
});

describe('a client that does not keep up', () => {
  it('has a queue of a thousand, and is told why it is dropped', () => {
    const listener = new StreamListener(ALL, gone);
    for (let count = 0; count < STREAM_LIMITS.queuedMessages.value; count += 1)
      expect(listener.take(eventOf(STARTED))).toBe(true);
    expect(listener.take(eventOf(STARTED))).toBe(false);
    listener.end('slow');
    listener.connect(asWebSocket(socket));
    expect(socket.sent).toEqual([]);
    expect(socket.closedWith).toEqual([1013, expect.stringContaining('too slow')]);
  });

  it('has a queue of so many bytes, whose last event may go beyond', () => {
    const large = eventOf({ ...STARTED, padding: 'x'.repeat(STREAM_LIMITS.clientBytes.value / 2) });
    const listener = new StreamListener(ALL, gone);
    expect([large, large, large].map((event) => listener.take(event))).toEqual([true, true, false]);
    const connecting = new StreamListener(ALL, gone);
    connecting.connect(asWebSocket(socket));
    for (let round = 0; round < 5; round += 1) {
      expect(connecting.take(large)).toBe(true);
      socket.drain();
    }
  });

  it('is handed little at once, so that the reason is not stuck behind everything', () => {
    const listener = connected();
    for (let count = 0; count < STREAM_LIMITS.queuedMessages.value; count += 1) listener.take(eventOf(STARTED));
    expect(socket.sent.length).toBeLessThan(STREAM_LIMITS.queuedMessages.value);
    for (let round = 0; round < 10; round += 1) socket.drain();
    expect(socket.sent).toHaveLength(STREAM_LIMITS.queuedMessages.value);
  });

  it('is dropped when it takes nothing for five seconds', () => {
    connected().take(eventOf(STARTED));
    vi.advanceTimersByTime(LXD_STREAM.writeDeadline - 1);
    expect(gone).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('is not while it takes something', () => {
    connected().take(eventOf(STARTED));
    vi.advanceTimersByTime(LXD_STREAM.writeDeadline - 1);
    socket.drain();
    vi.advanceTimersByTime(LXD_STREAM.writeDeadline);
    expect(gone).not.toHaveBeenCalled();
  });
});

describe('pings', () => {
  it('come every ten seconds, and more than two without an answer end the connection', () => {
    connected();
    vi.advanceTimersByTime(3 * LXD_STREAM.pingEvery);
    expect(socket.pings).toBe(3);
    expect(gone).not.toHaveBeenCalled();
    vi.advanceTimersByTime(LXD_STREAM.pingEvery);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('go on for ever while they are answered', () => {
    connected();
    for (let count = 1; count <= 20; count += 1) {
      vi.advanceTimersByTime(LXD_STREAM.pingEvery);
      expect(socket.pings).toBe(count);
      socket.emit('pong');
    }
    expect(gone).not.toHaveBeenCalled();
  });
});

it('takes no notice of what a client says', () => {
  const listener = connected();
  socket.emit('message', Buffer.from('hello'));
  expect(socket.closedWith).toBeUndefined();
  expect(listener.take(eventOf(STARTED))).toBe(true);
  expect(socket.sent).toHaveLength(1);
});

it.each(['revoked', 'expired', 'shutting-down', 'unavailable'] as const)('says that it ends as %s', (reason) => {
  connected().end(reason);
  expect(socket.closedWith?.[1]).toMatch(/\w/);
  expect(Buffer.byteLength(socket.closedWith?.[1] ?? '')).toBeLessThanOrEqual(123);
  vi.advanceTimersByTime(LXD_STREAM.writeDeadline);
  expect(gone).toHaveBeenCalledOnce();
});
