import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { createLog } from './process-log.js';
import { statusLine } from './status-line.js';
import { StartError } from '@tidings/settings';

afterEach(() => {
  vi.restoreAllMocks();
});

function linesOf(write: () => void): string[] {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  }
  write();
  vi.restoreAllMocks();
  return lines;
}

test('away from a terminal every line is JSON and names the process', () => {
  const [line] = linesOf(() => {
    createLog('gateway', 'log', false).log('ready', 'Http');
  });
  expect(JSON.parse(line ?? '')).toMatchObject({ process: 'gateway', level: 'log', message: 'ready', context: 'Http' });
  expect(JSON.parse(line ?? '')).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/));
});

test('on a terminal it is a line for people: time, level, where from, what', () => {
  const [line = ''] = linesOf(() => {
    createLog('gateway', 'log', true).log('The apps are ready', 'Http');
  });
  expect(stripVTControlCharacters(line)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {4}\[Http\] The apps are ready\n$/);
});

test('what says how far the start is makes way for a line, and comes back behind it', () => {
  statusLine.show('Starting Kafka … 2 s');
  try {
    const written = linesOf(() => {
      createLog('gateway', 'log', true).log('migrated');
    });
    expect(written).toHaveLength(3);
    expect([written[0], written[2]]).toEqual(['\r\u001b[K', 'Starting Kafka … 2 s']);
  } finally {
    statusLine.show('');
  }
});

test('what is below the level is left out', () => {
  const lines = linesOf(() => {
    const log = createLog('gateway', 'warn', false);
    log.log('no');
    log.debug?.('no');
    log.warn('yes');
    log.error('yes');
  });
  expect(lines).toHaveLength(2);
});

test('what the framework tells of its modules and routes is for debugging', () => {
  const tell = (level: 'log' | 'debug') =>
    linesOf(() => {
      createLog('gateway', level, false).log('Mapped {/things, GET} route', 'RouterExplorer');
    });
  expect(tell('log')).toEqual([]);
  expect(tell('debug')).toHaveLength(1);
});

test('what stops a start is left to runProcess, which says it once', () => {
  const lines = linesOf(() => {
    const log = createLog('gateway', 'log', false);
    log.error(new StartError('The port is in use'), 'ExceptionHandler');
    log.error(new Error('A mistake of ours'), 'ExceptionHandler');
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('A mistake of ours');
});
