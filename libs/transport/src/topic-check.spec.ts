import { expect, test } from 'vitest';
import { topicSpec } from './lifecycle-topics.js';
import { topicFindings, topicWarnings } from './topic-check.js';

test('what is alike on many kafkaTopics is one warning', () => {
  const warnings = topicWarnings([
    { kafkaTopic: 'a', finding: 'has 2 partitions' },
    { kafkaTopic: 'a', finding: 'has 1 replicas' },
    { kafkaTopic: 'b', finding: 'has 2 partitions' },
    { kafkaTopic: 'c', finding: 'has 2 partitions' },
  ]);
  expect(warnings).toEqual([
    'a and 2 more: has 2 partitions; it is left as it is',
    'a: has 1 replicas; it is left as it is',
  ]);
  expect(topicWarnings([])).toEqual([]);
});

const specOf = (replicationFactor: number) =>
  topicSpec('lifecycle.lxd.instance', {
    ...{ prefix: '', partitions: 1, replicationFactor, retentionHours: 24, maxEventBytes: 1_000_000 },
  });

test.each([
  [1, undefined],
  [2, undefined],
  [3, '2'],
  [5, '2'],
])('of %i replicas, %s have to have an event before it is acknowledged', (replicas, inSync) => {
  expect(specOf(replicas).config?.['min.insync.replicas']).toBe(inSync);
});

test.each([
  ['by the broker’s choice, one of three', -1, 3, '1', 'an acknowledged event may lie on one disk; set it to 2'],
  ['as asked for', 3, 3, '1', 'min.insync.replicas is 1, 2 was asked for'],
  ['more than asked for', 3, 3, '3', undefined],
  ['two of three', -1, 3, '2', undefined],
  ['one of two, which would not survive any more', -1, 2, '1', undefined],
])('how many have it is checked: %s', (_, asked, replicationFactor, inSync, finding) => {
  const spec = specOf(asked);
  const config = { ...spec.config, 'min.insync.replicas': inSync };
  const findings = topicFindings(spec, { kafkaTopic: spec.kafkaTopic, partitions: 1, replicationFactor, config });
  expect(findings.map((one) => one.finding)).toEqual(
    finding === undefined ? [] : [expect.stringContaining(finding) as string],
  );
});
