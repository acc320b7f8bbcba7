import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NativeReading } from '../../definition.js';
import { parseJson, stringifyJson, type JsonObject } from '../../json.js';
import { catalogue } from '../index.js';
import { lxd, outcomeOfStatus } from './system.js';

const lines = readFileSync(new URL('../../../../../test/samples/lxd-events.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

const RENAMED = {
  type: 'lifecycle',
  timestamp: '2026-11-02T10:42:03.737616214Z',
  metadata: {
    action: 'instance-renamed',
    source: '/1.0/instances/web-3?project=build',
    context: { old_name: 'web-2' },
    requestor: { username: 'root', protocol: 'unix', address: '@' },
  },
  location: 'node1',
  project: 'build',
};

const { native } = lxd;
if (native === undefined) throw new TypeError('LXD has a format of its own');
const { read, write } = native;

function eventOf(reading: NativeReading) {
  if ('rejection' in reading) throw new TypeError(`${reading.rejection.field} ${reading.rejection.problem}`);
  return reading.event;
}

function messageOf(native: JsonObject): string | undefined {
  const { type, data } = eventOf(read(native, 'main'));
  return (catalogue.type(type) ?? catalogue.undeclaredReader('lxd', type)).messageOf(data);
}

describe("LXD's native events", () => {
  it('has all of the samples', () => {
    expect(lines).toHaveLength(38);
  });

  it.each(lines)('reads %s, which conforms, and writes it as it came', (line) => {
    const event = eventOf(read(parseJson(line).exact as JsonObject, 'main'));
    const type = catalogue.type(event.type);
    expect(type?.validate(event.data)).toEqual([]);
    expect(event.subject).toBe(type?.subjectOf(event.data));
    expect(event.source).toBe('/lxd/main');
    expect(stringifyJson(write(event))).toBe(stringifyJson(JSON.parse(line)));
    expect(type?.messageOf(event.data)).toMatch(/\S/);
    expect(type?.messageOf(event.data)).not.toMatch(/undefined|null|\[object/);
  });

  it('gives different samples different ids', () => {
    const ids = lines.map((line) => eventOf(read(parseJson(line).exact as JsonObject, 'main')).id);
    expect(new Set(ids).size).toBe(lines.length);
  });

  it('knows an event again whatever the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(RENAMED).reverse());
    const metadata = Object.fromEntries(Object.entries(RENAMED.metadata).reverse());
    expect(eventOf(read({ ...turned, metadata }, 'main')).id).toBe(eventOf(read(RENAMED, 'main')).id);
  });

  it.each([
    ['a nanosecond later', { timestamp: '2026-11-02T10:42:03.737616215Z' }],
    ['from another member', { location: 'node2' }],
    ['in another project', { project: 'default' }],
    ['with other metadata', { metadata: { ...RENAMED.metadata, context: { old_name: 'web-1' } } }],
    ['with something that newer servers say', { severity: 'high' }],
  ])('takes one %s for another event', (_what, change) => {
    expect(eventOf(read({ ...RENAMED, ...change }, 'main')).id).not.toBe(eventOf(read(RENAMED, 'main')).id);
  });

  it('keeps nanoseconds, huge numbers and what nobody declared', () => {
    const line =
      '{"type":"logging","timestamp":"2026-11-02T10:42:03.737616214Z","metadata":{"message":"\\u0000 \\ud800","level":"info",' +
      '"context":{"bytes":12345678901234567890,"__proto__":"own"}},"location":"node1","severity":1e400}';
    const event = eventOf(read(parseJson(line).exact as JsonObject, 'main'));
    expect(event.time).toBe('2026-11-02T10:42:03.737616214Z');
    expect(stringifyJson(write(event))).toBe(line);
  });

  it('keeps an action and a type of event that nobody declared', () => {
    const action = eventOf(read({ ...RENAMED, metadata: { action: 'instance-cloned', source: '/1.0/x' } }, 'main'));
    expect(action.type).toBe('com.canonical.lxd.lifecycle.instance-cloned');
    expect(write(action)['type']).toBe('lifecycle');
    expect(action.subject).toBe('/1.0/x');

    const ovn = eventOf(read({ ...RENAMED, type: 'ovn', metadata: { table: 'SB_Global' } }, 'main'));
    expect(ovn.type).toBe('com.canonical.lxd.ovn');
    expect(write(ovn)['type']).toBe('ovn');
    expect(ovn.subject).toBe('node1');

    for (const [event, nativeType] of [[action, 'instance-cloned'] as const, [ovn, 'ovn'] as const]) {
      const reader = catalogue.undeclaredReader('lxd', event.type);
      expect(reader.nativeType).toBe(nativeType);
      expect(reader.kafkaTopic).toBe('lifecycle.lxd.uncatalogued');
      expect(reader.scopeOf('project', event.data)).toBe('build');
    }
  });

  it.each([
    ['type', 'type', {}],
    ['type', 'type', { ...RENAMED, type: 7 }],
    ['type', 'type', { ...RENAMED, type: 'two words' }],
    ['type', 'metadata.action', { ...RENAMED, metadata: null }],
    ['type', 'metadata.action', { ...RENAMED, metadata: { source: '/1.0' } }],
    ['type', 'metadata.action', { ...RENAMED, metadata: { action: 'x'.repeat(201) } }],
    ['time', 'timestamp', { ...RENAMED, timestamp: undefined }],
    ['time', 'timestamp', { ...RENAMED, timestamp: null }],
    ['time', 'timestamp', { ...RENAMED, timestamp: 'now' }],
  ])('has no use for one without its %s in %s', (kind, field, native) => {
    expect(read(native, 'main')).toMatchObject({ rejection: { kind, field } });
  });

  it('reads whatever else an object holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (metadata) => {
        const logged = eventOf(read({ ...RENAMED, type: 'logging', metadata }, 'main'));
        expect(write(logged)).toEqual({ ...RENAMED, type: 'logging', metadata });
        for (const type of catalogue.types()) {
          if (type.system === 'lxd') expect(typeof type.messageOf({ metadata })).toBe('string');
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('what LXD says for people', () => {
  const by = RENAMED.metadata.requestor;

  it.each([
    [RENAMED, 'Instance web-3 was renamed from web-2 in project build by root.'],
    [
      { ...RENAMED, project: undefined, metadata: { action: 'config-updated', source: '/1.0' } },
      'Server configuration was updated.',
    ],
    [
      {
        ...RENAMED,
        project: 'default',
        metadata: { action: 'instance-exec', source: '/1.0/instances/a%20b', requestor: by },
      },
      'Instance a b was told to run a command by root.',
    ],
    [
      {
        ...RENAMED,
        project: 'default',
        metadata: { action: 'instance-exec', source: '/1.0/instances/web-1', context: { command: ['ls', '-l'] } },
      },
      'Instance web-1 was told to run a command (ls -l).',
    ],
    [
      {
        ...RENAMED,
        project: 'default',
        metadata: {
          action: 'storage-volume-snapshot-deleted',
          source: '/1.0/storage-pools/p/volumes/custom/v/snapshots/s',
        },
      },
      'Storage volume snapshot p/custom/v/s was deleted.',
    ],
    [
      {
        ...RENAMED,
        type: 'operation',
        metadata: { id: 'x', description: 'Stopping instance', status: 'Failure', err: 'no' },
      },
      'Stopping instance: Failure (no).',
    ],
    [{ ...RENAMED, type: 'operation', metadata: { status_code: 103 } }, 'Operation: 103.'],
    [
      { ...RENAMED, type: 'logging', metadata: { level: 'warning', message: 'Slow', context: { took: '3s' } } },
      'warning: Slow (took: 3s)',
    ],
    [
      { ...RENAMED, metadata: { action: 'instance-cloned', source: '/1.0/instances/web-1' } },
      'instance-cloned: web-1.',
    ],
  ])('is a line made from %j', (native, message) => {
    expect(messageOf(native as JsonObject)).toBe(message);
  });
});

describe('where an LXD event belongs', () => {
  const scopeOf = (data: JsonObject) =>
    catalogue.type('com.canonical.lxd.lifecycle.instance-created')?.scopeOf('project', data);

  it('is the project that it names, outside or inside', () => {
    expect(scopeOf({ metadata: {}, project: 'build' })).toBe('build');
    expect(scopeOf({ metadata: { project: 'lab' } })).toBe('lab');
    expect(scopeOf({ metadata: { project: 'lab' }, project: '' })).toBe('lab');
    expect(scopeOf({ metadata: {} })).toBeUndefined();
  });

  it('is one address for an operation and the life-cycle events about it', () => {
    const id = 'aa2264ac-c8da-4038-b05a-34bad517d4d0';
    const operation = catalogue.type('com.canonical.lxd.operation')?.subjectOf({ metadata: { id } });
    const cancelled = catalogue.type('com.canonical.lxd.lifecycle.operation-cancelled');
    expect(operation).toBe(cancelled?.subjectOf({ metadata: { source: `/1.0/operations/${id}` } }));
  });
});

describe('how an LXD operation stands', () => {
  it.each([
    [100, 'in_progress'],
    [103, 'in_progress'],
    [104, 'in_progress'],
    [105, 'scheduled'],
    [199, 'in_progress'],
    [200, 'succeeded'],
    [400, 'failed'],
    [401, 'cancelled'],
    [0, undefined],
    [500, undefined],
    ['200', undefined],
    [undefined, undefined],
  ])('by status code %s is %s', (code, outcome) => {
    expect(outcomeOfStatus(code)).toBe(outcome);
    expect(catalogue.type('com.canonical.lxd.operation')?.outcomeOf({ metadata: { status_code: code } })).toBe(outcome);
  });
});
