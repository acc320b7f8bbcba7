import { parseScopePattern } from '@tidings/access';
import { catalogue } from '@tidings/catalogue';
import { encodeEvent, type IncomingRecord } from '@tidings/transport';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Configuration,
  InstanceConfiguration,
  SubscriptionConfiguration,
  TopicConfiguration,
} from '../configuration/configuration.js';
import { explainRouting } from '../routing/event-routing.js';
import { FilterTable } from '../rules/filter-table.js';
import { EventMatcher } from './event-matcher.js';
import { type MatchableEvent, MatchableEventReader } from './matchable-event.js';
import { RuleIndex } from './rule-index.js';

const TYPES = ['com.waldur.resource_creation_succeeded', 'com.waldur.resource_deletion_succeeded'] as const;
const SOURCE = 'waldur-source';

const filter = fc.constantFrom(
  ...[
    '$.*',
    '$.data.context.name',
    "not($.subject == 'x')",
    "$.source =~ 'waldur'",
    '$.data.context.size > 1',
    'false',
  ],
  ...TYPES.flatMap((type) => [`$.type == '${type}'`, `$.type =~ '${type.slice(-12)}$'`, `$.type != '${type}'`]),
  ...['a', 'b'].flatMap((name) => [
    `$.data.context.name == '${name}'`,
    `$.data.context.name == '${name}' && $.data.context.size >= 1`,
    `$.data.context.name == '${name}' || $.data.context.name == 'c'`,
    `$.data.context.name == '${name}' || $.subject == 'x'`,
    `$.type == '${TYPES[0]}' && '${name}' == $['data']['context'].name`,
  ]),
);
const rule = fc
  .record({ enabled: fc.constantFrom(true, true, true, false), eventTypeFilter: filter, notificationFilter: filter })
  .map((given) => ({ id: 'rule', ...given }));
const topic = fc.record({
  rules: fc.array(rule, { maxLength: 3 }),
  hasSource: fc.constantFrom(true, true, true, false),
  filters: fc.array(fc.option(filter, { nil: undefined }), { minLength: 1, maxLength: 2 }),
});

function configurationOf(
  drafts: readonly (typeof topic extends fc.Arbitrary<infer T> ? T : never)[],
  scopes: readonly string[] = ['*'],
  enabled = true,
): Configuration {
  const subscriptions = new Map<string, SubscriptionConfiguration>();
  const topics = drafts.map(({ rules, hasSource, filters }, number): TopicConfiguration => {
    const id = `topic-${number}`;
    const subscriptionIds = filters.map((text, place) => {
      const of = { topicId: id, instanceId: 'i', name: '', destinationId: 'd', attributes: {}, filter: text };
      subscriptions.set(`${id}-${place}`, { id: `${id}-${place}`, ...of });
      return `${id}-${place}`;
    });
    return { id, name: id, sources: hasSource ? [{ sourceId: SOURCE, rules }] : [], subscriptionIds };
  });
  const instance: InstanceConfiguration = {
    id: 'i',
    name: 'i',
    scopes: scopes.flatMap((scope) => parseScopePattern(scope) ?? []),
    sources: new Map([[SOURCE, { id: SOURCE, name: SOURCE, enabled, system: 'waldur' }]]),
    topics,
  };
  return {
    version: 1n,
    instances: new Map([['i', instance]]),
    destinations: new Map(),
    subscriptions,
    templates: new Map(),
  };
}

function eventOf(type: string, subject: string, data: object, source = '/waldur/main'): MatchableEvent {
  return eventWith(JSON.stringify(data), { type, subject, source });
}

function eventWith(data: string, named: { type: string; subject: string; source: string }): MatchableEvent {
  const attributes = { id: '1', ...named, time: '2026-11-02T08:00:00Z' };
  const sent = encodeEvent('lifecycle.waldur.resources', attributes, data, 'native');
  const record = { offset: '0', timestamp: '0', key: null, value: Buffer.from(data) };
  const headers = sent.headers as IncomingRecord['headers'];
  return (
    new MatchableEventReader(catalogue, { prefix: '' }).read({ ...record, headers }, sent.kafkaTopic) ?? expect.fail()
  );
}

function matcherOf(configuration: Configuration, clock?: () => number): EventMatcher {
  const filters = new FilterTable(undefined, (_, error) => expect.fail(error.message));
  return new EventMatcher(new RuleIndex(configuration, catalogue, filters), clock);
}

function takersOf(matcher: EventMatcher, event: MatchableEvent) {
  const takers: string[] = [];
  const fates: string[] = [];
  const steps = matcher.match(event, {
    onSource: (_, fate) => fates.push(fate),
    onSubscription: (_, __, { id }) => takers.push(id),
  });
  let pauses = 0;
  while (steps.next().done !== true) pauses += 1;
  return { takers, fates, pauses };
}

describe('EventMatcher', () => {
  it('takes what evaluating every rule one by one would take', async () => {
    const event = fc.record({
      type: fc.constantFrom(...TYPES),
      subject: fc.constantFrom('x', 'y'),
      name: fc.constantFrom('a', 'b', 'c', 'd', undefined),
      size: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(topic, { maxLength: 6 }), fc.array(event, { maxLength: 4 }), async (topics, events) => {
        const configuration = configurationOf(topics);
        const instance = configuration.instances.get('i') ?? expect.fail();
        const matcher = matcherOf(configuration);
        for (const { type, subject, name, size } of events) {
          const matchable = eventOf(type, subject, { context: { name, size } });
          const found = await explainRouting(
            configuration,
            instance,
            instance.sources.get(SOURCE),
            matchable.asJson(true),
          );
          const expected = found.flatMap(({ subscriptions }) => subscriptions).filter(({ matches }) => matches);
          const { takers, fates } = takersOf(matcher, matchable);
          expect(takers).toEqual(expected.map(({ id }) => id));
          expect(fates).toEqual([found.some(({ matches }) => matches) ? 'matched' : 'unmatched']);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('parses no payload that no rule asks for', () => {
    const draft = { rules: [], hasSource: true, filters: [undefined] };
    const fixing = {
      ...draft,
      rules: [
        { id: 'r', enabled: true, eventTypeFilter: `$.type == '${TYPES[0]}'`, notificationFilter: '$.data.x == 1' },
      ],
    };
    const event = eventOf(TYPES[1], 'x', {});
    let parsed = 0;
    const watched = Object.assign(event, { payload: () => (parsed += 1) });
    expect(takersOf(matcherOf(configurationOf([draft, fixing])), watched).takers).toEqual(['topic-0-0']);
    expect(parsed).toBe(0);
  });

  it.each([
    ['$.data.n == 9007199254740993', true],
    ['$.data.n == 9007199254740992', false],
    ['$.data.n > 9007199254740992', true],
    ['$.data.list[0] < 0.30000000000000001', true],
    ['$.data.list[?(@ < 0.30000000000000001)]', true],
    ["$.data.text == 'x' && $.data.n == 9007199254740993", true],
    ["$.data.text == 'x' && $.data..n == 9007199254740992", false],
    ["$.subject == 'x' && $..n == 9007199254740993", true],
    ['$.data == $.data.same', false],
  ])('compares numbers by all of their digits: %s', (notificationFilter, isTaken) => {
    const rules = [{ id: 'r', enabled: true, eventTypeFilter: '$.*', notificationFilter }];
    const configuration = configurationOf([{ rules, hasSource: true, filters: [undefined] }]);
    const data = '{"text":"x","n":9007199254740993,"list":[0.3],"same":{}}';
    const event = eventWith(data, { type: TYPES[0], subject: 'x', source: '/waldur/main' });
    expect(takersOf(matcherOf(configuration), event).takers).toEqual(isTaken ? ['topic-0-0'] : []);
  });

  it.each([
    [['*'], true],
    [['waldur:*'], true],
    [['lxd:*'], false],
    [['waldur:main'], true],
    [['waldur:north'], false],
    [['waldur:main:*'], true],
    [['waldur:main:customer:*'], true],
    [['waldur:main:customer:47eaa099-2cb6-416d-86dc-283cf0480ff9'], true],
    [['waldur:main:customer:00000000000000000000000000000000', 'cds:*'], false],
    [['waldur:main:project:*'], false],
    [[], false],
  ])('an instance with the scopes %j sees it: %s', (scopes, isSeen) => {
    const configuration = configurationOf([{ rules: [], hasSource: true, filters: [undefined] }], scopes);
    const event = eventOf(TYPES[0], 'x', { context: { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9' } });
    expect(takersOf(matcherOf(configuration), event)).toMatchObject(
      isSeen ? { takers: ['topic-0-0'], fates: ['matched'] } : { takers: [], fates: [] },
    );
  });

  it('says of a disabled source that its events are suppressed, and of one that may not be seen nothing', () => {
    const draft = { rules: [], hasSource: true, filters: [undefined] };
    const event = eventOf(TYPES[0], 'x', {});
    expect(takersOf(matcherOf(configurationOf([draft], ['*'], false)), event).fates).toEqual(['suppressed']);
    expect(takersOf(matcherOf(configurationOf([draft], ['lxd:*'], false)), event).fates).toEqual([]);
  });

  it('goes on behind a pause with the next subscription of the topic, each of them once', () => {
    // Some thousand steps each, so that the clock is looked at; no two alike.
    const texts = Array.from({ length: 12 }, (_, n) => (n % 5 === 4 ? 'false' : `$.data.a[*] == 1${' '.repeat(n)}`));
    const draft = { rules: [], hasSource: true, filters: texts };
    const configuration = configurationOf([draft, { ...draft, filters: [undefined, ...texts] }]);
    const event = eventOf(TYPES[0], 'x', { a: [...Array<number>(6_000).fill(0), 1] });
    const passing = texts.flatMap((text, place) => (text === 'false' ? [] : [place]));
    const all = [...passing.map((place) => `topic-0-${place}`), 'topic-1-0'];
    all.push(...passing.map((place) => `topic-1-${place + 1}`));
    const unhurried = takersOf(
      matcherOf(configuration, () => 0),
      event,
    );
    expect(unhurried).toMatchObject({ takers: all, pauses: 0 });
    let now = 0;
    const hurried = takersOf(
      matcherOf(configuration, () => (now += 20)),
      event,
    );
    expect(hurried).toMatchObject({ takers: all, fates: ['matched'] });
    expect(hurried.pauses).toBeGreaterThan(3);
  });
});
