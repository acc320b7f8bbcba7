import { parseScopePattern } from '@tidings/access';
import { catalogue, RULE_LIMITS } from '@tidings/catalogue';
import { encodeEvent } from '@tidings/transport';
import { expect, it } from 'vitest';
import type {
  Configuration,
  InstanceConfiguration,
  SubscriptionConfiguration,
} from '../configuration/configuration.js';
import { FilterTable } from '../rules/filter-table.js';
import { EventMatcher } from './event-matcher.js';
import { MatchableEventReader } from './matchable-event.js';
import { RuleIndex } from './rule-index.js';

const SYSTEM = 'lxd';
const TYPE = 'com.canonical.lxd.lifecycle.instance-created';

/** Instances by name, each with one topic and one subscription. */
function configurationOf(filters: Readonly<Record<string, readonly string[]>>): Configuration {
  const instances = new Map<string, InstanceConfiguration>();
  const subscriptions = new Map<string, SubscriptionConfiguration>();
  for (const [id, texts] of Object.entries(filters)) {
    const rules = texts.map((text, n) => ({
      id: `${n}`,
      enabled: true,
      eventTypeFilter: '$.*',
      notificationFilter: text,
    }));
    const topic = { id, name: id, sources: [{ sourceId: 's', rules }], subscriptionIds: [id] };
    const subscription = { id, name: id, instanceId: id, topicId: id, destinationId: 'd', attributes: {} };
    subscriptions.set(id, { ...subscription, filter: undefined });
    instances.set(id, {
      id,
      name: id,
      scopes: [parseScopePattern('*') ?? expect.fail()],
      sources: new Map([['s', { id: 's', name: 's', enabled: true, system: SYSTEM }]]),
      topics: [topic],
    });
  }
  return { version: 1n, instances, subscriptions, destinations: new Map(), templates: new Map() };
}

function matched(filters: Readonly<Record<string, readonly string[]>>, data: unknown) {
  const table = new FilterTable(undefined, (_, error) => expect.fail(error.message));
  // A clock of its own: on a busy machine the present would cut filters short that are within their steps.
  let now = 0;
  const clock = () => (now += 1);
  const matcher = new EventMatcher(new RuleIndex(configurationOf(filters), catalogue, table), clock);
  const attributes = { id: '1', source: '/lxd/main', type: TYPE, time: '2026-11-02T08:00:00Z' };
  const body = JSON.stringify(data);
  const { headers } = encodeEvent('lifecycle.lxd.instances', attributes, body, 'native');
  const record = { offset: '0', timestamp: '0', key: null, value: Buffer.from(body) };
  const event = new MatchableEventReader(catalogue, { prefix: '' }).read(
    { ...record, headers },
    'lifecycle.lxd.instances',
  );
  const takers: string[] = [];
  const cutShort: Record<string, number> = {};
  const steps = matcher.match(event ?? expect.fail(), {
    onSource: () => undefined,
    onSubscription: (_, __, { id }) => takers.push(id),
    onCutShort: ({ instance }, count) => (cutShort[instance.id] = count),
  });
  let pauses = 0;
  while (steps.next().done !== true) pauses += 1;
  return { takers, cutShort, pauses };
}

/** No two alike, so that none is shared. */
const several = (count: number, text: string) => Array.from({ length: count }, (_, n) => text + ' '.repeat(n));

it('one filter counts each pair that it compares: it ends, does not match, and is reported', () => {
  const texts = Array.from({ length: 20_000 }, () => 'x'.repeat(38));
  for (const text of ['$.a[*] < $.a[*]', 'not($.a[*] < $.a[*])', '$.a[*] != $.a[*]', '$.a[?($.data.a[*] < @)]']) {
    const found = matched(
      { bad: several(3, text.replaceAll('$.a', '$.data.a')), good: ["$.type =~ 'instance'"] },
      { a: texts },
    );
    expect(found, text).toMatchObject({ takers: ['good'], cutShort: { bad: 3 } });
  }
});

it.each([
  ['long texts', '$.data.a[*] < $.data.a[*]', { a: Array.from({ length: 64 }, () => 'x'.repeat(8_000)) }],
  ['wide objects', '$.data.a == $.data.b', { a: wide(30_000, 1), b: wide(30_000, 1) }],
  ['everything beneath everything', '$..*..* == 1.5', Array.from({ length: 400 }, () => Array<number>(400).fill(0))],
])('the same with %s', (_, text, data) => {
  expect(matched({ bad: [text], good: ['$.*'] }, data)).toMatchObject({ takers: ['good'], cutShort: { bad: 1 } });
});

it('what the filters of one instance may cost together is bounded, and pauses in between; others have all of theirs', () => {
  const full = RULE_LIMITS.instanceSteps.value / RULE_LIMITS.filterSteps.value;
  const shared = '$.data.b >= 2';
  const bad = [...several(full + 20, '$.data.a[*] < $.data.a[*]'), shared];
  const found = matched({ bad, good: [shared, ...several(50, '$..x == 1')] }, { a: Array<number>(500).fill(1), b: 2 });
  expect(found.takers).toEqual(['good']);
  expect(found.cutShort['bad']).toBeGreaterThan(full);
  expect(found.cutShort['good']).toBeUndefined();
  expect(found.pauses).toBeGreaterThan(0);
});

it('a thousand rules hold their own on an event of 100 KB', () => {
  const item = (n: number) => ({ name: `n${n}`, tags: ['a', 'b'], text: 'lorem ipsum '.repeat(5) });
  const data = { items: Array.from({ length: 900 }, (_, n) => item(n)), last: { name: 'wanted' } };
  const rules = [
    ...several(200, '$..name == "nobody"'),
    ...several(790, "$.data.items[*].text =~ 'never|nowhere'"),
    ...several(9, '$.data.items[?(@.name == "x")]'),
    '$..name == "wanted"',
  ];
  const found = matched({ many: rules }, data);
  expect(found.takers).toEqual(['many']);
  expect(found.cutShort).toEqual({});
});

function wide(members: number, value: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: members }, (_, n) => [`k${n}`, value]));
}
