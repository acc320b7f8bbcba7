import { expect, test } from 'vitest';
import { topicWarnings } from './topic-check.js';

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
