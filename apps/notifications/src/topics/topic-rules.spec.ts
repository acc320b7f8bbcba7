import { expect, test } from 'vitest';
import { mergedRules } from './topic-rules.js';
import type { StoredRule } from './topic.repository.js';

const LONG_AGO = new Date(0);

function stored(id: string, text: string, sourceId = 'a'): StoredRule {
  return {
    id,
    source_id: sourceId,
    enabled: true,
    event_type_filter: text,
    notification_filter: '$.*',
    updated_at: LONG_AGO,
  };
}

function draft(text: string, id?: string) {
  return { ...(id !== undefined && { id }), enabled: true, event_type_filter: text, notification_filter: '$.*' };
}

test('a rule that says the same keeps its id and its time, wherever it moves', () => {
  const [two, one] = mergedRules('a', [draft('two'), draft('one')], [stored('1', 'one'), stored('2', 'two')]);
  expect([one?.id, two?.id]).toEqual(['1', '2']);
  expect([one?.updated_at, two?.updated_at]).toEqual([LONG_AGO, LONG_AGO]);
});

test('a rule that is named by its id is changed', () => {
  const [rule] = mergedRules('a', [draft('new', '1')], [stored('1', 'old')]);
  expect(rule).toMatchObject({ id: '1', event_type_filter: 'new' });
  expect(rule?.updated_at).not.toEqual(LONG_AGO);
});

test('the same rule twice is two rules', () => {
  const rules = mergedRules('a', [draft('one'), draft('one')], [stored('1', 'one')]);
  expect(rules[0]?.id).toBe('1');
  expect(rules[1]?.id).not.toBe('1');
});

test('ids of other sources, and ids that nobody has, make new rules', () => {
  const [one, two] = mergedRules('a', [draft('one', '1'), draft('two', 'nobody')], [stored('1', 'one', 'b')]);
  expect([one?.id, two?.id]).not.toContain('1');
  expect(two?.id).not.toBe('nobody');
});
