import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ProcessContext, type ProcessHost, type RunningProcess, runProcess } from './run-process.js';
import { StartError } from '@tidings/settings';

/** Stands for Node's process: keeps what is written, and the code that it is left with. */
class RecordedHost extends EventEmitter implements ProcessHost {
  written = '';
  readonly exit = vi.fn<(code: number) => void>();
  readonly stdout = new EventEmitter();
  readonly stderr = { write: (text: string) => (this.written += text) };

  constructor(readonly env: Record<string, string> = {}) {
    super();
  }
}

let printed = '';

beforeEach(() => {
  printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Starts a process that is ready at once. */
async function started(host: RecordedHost, running: RunningProcess = { close: () => Promise.resolve() }) {
  const context = await new Promise<ProcessContext>((resolve) => {
    runProcess(
      'test',
      (given) => {
        resolve(given);
        return Promise.resolve(running);
      },
      host,
    );
  });
  return context;
}

test('the environment is parsed and handed over', async () => {
  const context = await started(new RecordedHost({ PORT: '4711' }));
  expect(context.environment.port).toBe(4711);
  expect(context.signal.aborted).toBe(false);
});

test('it stops in order when nobody reads its log any more', async () => {
  const host = new RecordedHost();
  const close = vi.fn(() => Promise.resolve());
  await started(host, { close });
  host.stdout.emit('error');
  await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(0));
  expect(close).toHaveBeenCalledOnce();
});

test('a wrong environment ends it before anything is started', () => {
  const host = new RecordedHost({ PORT: 'x', LOG_LEVEL: 'y' });
  const start = vi.fn();
  runProcess('test', start, host);
  expect(start).not.toHaveBeenCalled();
  expect(host.exit).toHaveBeenCalledWith(1);
  expect(host.written).toMatch(/^PORT: .+\nLOG_LEVEL: .+\n$/);
});

test('what is odd in the environment is warned of', async () => {
  await started(new RecordedHost({ TIDINGS_PROT: 'x' }));
  expect(printed).toContain('TIDINGS_PROT: is not a setting of Tidings');
});

test('a start that the operator can put right is told in one line, without a stack', async () => {
  const host = new RecordedHost();
  runProcess('test', () => Promise.reject(new StartError('The port is in use.')), host);
  await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(1));
  expect(host.written).toBe('The port is in use.\n');
  expect(printed).not.toContain('    at ');
});

test.each([
  ['rejects', () => Promise.reject(new TypeError('oops'))],
  [
    'throws',
    () => {
      throw new TypeError('oops');
    },
  ],
])('a start that %s for another reason is logged with its stack', async (_, start) => {
  const host = new RecordedHost();
  runProcess('test', start, host);
  await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(1));
  expect(printed).toMatch(/TypeError: oops/);
});

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s closes what runs and leaves with 0', async (signal) => {
    const host = new RecordedHost();
    const close = vi.fn(() => Promise.resolve());
    await started(host, { close });
    host.emit(signal, signal);
    await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(0));
    expect(close).toHaveBeenCalledOnce();
  });

  test('a signal during the start waits for it, tells it, and closes what came of it', async () => {
    const host = new RecordedHost();
    const close = vi.fn(() => Promise.resolve());
    let ready: (running: RunningProcess) => void = () => undefined;
    const context = await new Promise<ProcessContext>((resolve) => {
      runProcess(
        'test',
        (given) => {
          resolve(given);
          return new Promise<RunningProcess>((start) => (ready = start));
        },
        host,
      );
    });
    host.emit('SIGTERM', 'SIGTERM');
    expect(context.signal.aborted).toBe(true);
    expect(host.exit).not.toHaveBeenCalled();
    ready({ close });
    await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(0));
    expect(close).toHaveBeenCalledOnce();
  });

  test('a start that gives up because of the signal is no failure', async () => {
    const host = new RecordedHost();
    const begun = vi.fn();
    runProcess(
      'test',
      ({ signal }) => {
        begun();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        });
      },
      host,
    );
    await vi.waitFor(() => expect(begun).toHaveBeenCalled());
    host.emit('SIGINT', 'SIGINT');
    await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(0));
  });

  test('a second signal ends it at once, but not the same one passed on by npm', async () => {
    vi.useFakeTimers();
    const host = new RecordedHost();
    await started(host, { close: () => new Promise(() => undefined) });
    host.emit('SIGINT', 'SIGINT');
    await vi.advanceTimersByTimeAsync(100);
    host.emit('SIGINT', 'SIGINT');
    expect(host.exit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(600);
    host.emit('SIGINT', 'SIGINT');
    expect(host.exit).toHaveBeenCalledWith(130);
  });

  test('what does not close within 10 s is left behind', async () => {
    vi.useFakeTimers();
    const host = new RecordedHost();
    await started(host, { close: () => new Promise(() => undefined) });
    host.emit('SIGTERM', 'SIGTERM');
    await vi.advanceTimersByTimeAsync(9_000);
    expect(host.exit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(host.exit).toHaveBeenCalledWith(1);
  });

  test('closing that fails leaves with 1', async () => {
    const host = new RecordedHost();
    await started(host, { close: () => Promise.reject(new Error('stuck')) });
    host.emit('SIGTERM', 'SIGTERM');
    await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(1));
    expect(printed).toContain('stuck');
  });
});

describe('failing', () => {
  test.each(['uncaughtException', 'unhandledRejection'])('%s is logged, closes, and leaves with 1', async (event) => {
    const host = new RecordedHost();
    const close = vi.fn(() => Promise.resolve());
    await started(host, { close });
    host.emit(event, new Error('out of the blue'));
    await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(1));
    expect(close).toHaveBeenCalledOnce();
    expect(printed).toContain('out of the blue');
  });

  test('a part that cannot go on ends the process in order', async () => {
    const host = new RecordedHost();
    const close = vi.fn(() => Promise.resolve());
    const context = await started(host, { close });
    context.fail(new Error('no progress'));
    await vi.waitFor(() => expect(host.exit).toHaveBeenCalledWith(1));
    expect(close).toHaveBeenCalledOnce();
  });
});
