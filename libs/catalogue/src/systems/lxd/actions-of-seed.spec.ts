import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../schema.js';
import { catalogue } from '../index.js';

/** One line an action: its name and, after a colon, the keys of its context. */
function actionsIn(table: string): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(new URL(`../../../test-data/${table}`, import.meta.url), 'utf8');
  const lines = text.trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [action = '', keys] = line.split(': ');
      return [action, keys?.split(' ') ?? []];
    }),
  );
}

const seed = actionsIn('lxd-actions.txt');
const newer = actionsIn('lxd-newer-actions.txt');
const declared = catalogue.types().filter(({ system }) => system === 'lxd');

function contextKeys(action: string): readonly string[] {
  const schema = catalogue.type(`com.canonical.lxd.lifecycle.${action}`)?.schema;
  return Object.keys(at(schema, 'metadata', 'context')?.['properties'] ?? {}).sort();
}

function at(schema: JsonSchema | undefined, ...path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (place, step) => (place?.['properties'] as Record<string, JsonSchema> | undefined)?.[step],
    schema,
  );
}

describe("LXD's catalogue against LXD's own tables", () => {
  it('reads the whole tables: 108 actions, 32 of them with context keys, and 37 newer ones', () => {
    expect(seed.size).toBe(108);
    expect([...seed.values()].filter((keys) => keys.length > 0)).toHaveLength(32);
    expect(newer.size).toBe(37);
    expect([...newer.keys()].filter((action) => seed.has(action))).toEqual([]);
  });

  it('has every action, operations and log lines, and nothing else', () => {
    const names = declared.map(({ nativeType }) => nativeType).sort();
    expect(names).toEqual([...seed.keys(), ...newer.keys(), 'operation', 'logging'].sort());
  });

  it('names actions on the bus under lifecycle, and the others plainly', () => {
    for (const { type, nativeType } of declared) {
      const isAction = seed.has(nativeType) || newer.has(nativeType);
      expect(type).toBe(`com.canonical.lxd.${isAction ? 'lifecycle.' : ''}${nativeType}`);
    }
  });

  it.each([...seed, ...newer])('types the context of %s: %j', (action, keys) => {
    expect(contextKeys(action)).toEqual([...keys].sort());
  });

  it('requires no context, for older servers leave parts of it out', () => {
    for (const action of [...seed.keys(), ...newer.keys()]) {
      const schema = catalogue.type(`com.canonical.lxd.lifecycle.${action}`)?.schema;
      expect(at(schema, 'metadata')?.['required']).toEqual(['action', 'source']);
      expect(at(schema, 'metadata', 'context')?.['required']).toBeUndefined();
      expect(at(schema, 'metadata', 'context')?.['type']).toEqual(['object', 'null']);
    }
  });

  it('keeps what is about one kind of entity on one kafkaTopic', () => {
    const topicOf = (name: string) => catalogue.named(name)[0]?.kafkaTopic;
    expect(topicOf('instance-snapshot-created')).toBe('lifecycle.lxd.instance');
    expect(topicOf('network-zone-record-created')).toBe('lifecycle.lxd.network-zone');
    expect(topicOf('storage-bucket-key-created')).toBe('lifecycle.lxd.storage-bucket');
    expect(topicOf('operation-cancelled')).toBe(topicOf('operation'));
    expect([...catalogue.groups('lxd').keys()].sort()).toEqual([
      'auth-group',
      'certificate',
      'cluster',
      'config',
      'identity',
      'identity-provider-group',
      'image',
      'instance',
      'logging',
      'network',
      'network-acl',
      'network-forward',
      'network-load-balancer',
      'network-peer',
      'network-zone',
      'operation',
      'placement-group',
      'profile',
      'project',
      'replicator',
      'storage-bucket',
      'storage-pool',
      'storage-volume',
      'warning',
    ]);
  });
});
