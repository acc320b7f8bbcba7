import { expect, it } from 'vitest';
import { blastRadius } from './blast-radius.js';
import type { ListedSource, ListedSubscription, ListedTopic, SourceMetrics } from './source-queries.js';

const source = (name: string, enabled: boolean) => ({ id: name, name, enabled }) as ListedSource;
const topic = (name: string, ...sources_names: string[]) =>
  ({ id: name, name, sources_names }) as unknown as ListedTopic;
const subscription = (topic_id: string, destination: string) =>
  ({
    name: `${topic_id}→${destination}`,
    topic_id,
    destination_id: destination,
    destination_name: destination,
  }) as ListedSubscription;

const lxd = source('lxd', true);
const topics = [topic('instances', 'lxd'), topic('all', 'lxd', 'waldur'), topic('others', 'waldur')];
const subscriptions = [
  subscription('instances', 'pager'),
  subscription('all', 'chat'),
  subscription('others', 'chat'),
  subscription('instances', 'chat'),
];

it('names who gets nothing any more, and spares whom another source still reaches', () => {
  const radius = blastRadius(lxd, { sources: [lxd, source('waldur', true)], topics, subscriptions }, undefined);
  expect(radius).toEqual({
    topics: ['instances', 'all'],
    subscriptions: ['instances→pager', 'all→chat', 'instances→chat'],
    silenced: ['pager'],
    hourly: 0,
  });
});

it('counts on no source that is off', () => {
  const metrics = { received: 240 } as SourceMetrics;
  const radius = blastRadius(lxd, { sources: [lxd, source('waldur', false)], topics, subscriptions }, metrics);
  expect(radius).toMatchObject({ silenced: ['pager', 'chat'], hourly: 10 });
});

it('is empty for a source that no topic has', () => {
  const radius = blastRadius(source('cds', true), { sources: [lxd], topics, subscriptions }, undefined);
  expect(radius).toEqual({ topics: [], subscriptions: [], silenced: [], hourly: 0 });
});
