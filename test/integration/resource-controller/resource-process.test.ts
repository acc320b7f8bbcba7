import { catalogue } from '@tidings/catalogue';
import { decodeRecord, KafkaTransport, topicSpec } from '@tidings/transport';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startApp } from '../../harness/app-process.js';
import { type FreshDatabase, freshDatabase } from '../../harness/fresh-database.js';
import { freshPrefix } from '../../harness/fresh-names.js';
import { until } from '../../harness/until.js';
import { ResourceClient, type ShownInstance } from './resource-client.js';

const TOKEN = 'a-token-for-tests-that-is-long-enough';
const TYPE = 'com.ibm.cloud.resource-lifecycle-events.instance:create';
/** Where nobody listens. */
const NO_BROKER = '127.0.0.1:1';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase(inject('databaseUrl'));
});
afterAll(() => database.drop());

it('works without Kafka, is killed in the middle of an operation, and has told all of it in the end', async () => {
  const prefix = freshPrefix();
  const env = { DATABASE_URL: database.url, TIDINGS_PREFIX: prefix, TIDINGS_ADMIN_TOKEN: TOKEN, LOG_LEVEL: 'fatal' };
  const first = await startApp('resource-controller', { ...env, KAFKA_BROKERS: NO_BROKER });
  const asked = await new ResourceClient(first.url, TOKEN).demand<ShownInstance>(
    202,
    'POST',
    '/v2/resource_instances',
    {
      name: 'survives',
      resource_plan_id: 'apprapp-lite',
    },
  );
  await first.stop('SIGKILL');

  const transport = new KafkaTransport({ brokers: inject('brokers').split(','), clientId: 'resource-test' });
  const told: string[] = [];
  const kafkaTopic = catalogue.type(TYPE)?.kafkaTopic ?? '';
  const settings = { prefix, partitions: 1, replicationFactor: 1, retentionHours: 1, maxEventBytes: 1 << 20 };
  await transport.ensureTopics([topicSpec(kafkaTopic, settings)]);
  await transport.consume({
    groupId: `${prefix}observer`,
    matches: (topic) => topic.startsWith(prefix),
    handle: ({ records }) => {
      for (const record of records) {
        const decoded = decodeRecord(record);
        if (decoded.kind === 'event') told.push(`${decoded.event.subject ?? ''} ${decoded.event.type}`);
      }
      return Promise.resolve();
    },
  });
  const second = await startApp('resource-controller', { ...env, KAFKA_BROKERS: inject('brokers') });
  try {
    const settled = await new ResourceClient(second.url, TOKEN).settled(asked.guid);
    expect(settled.state).toBe('active');
    await until(() => told.length >= 2, { what: 'both events to be on Kafka' });
    expect(told).toEqual([`${asked.crn} ${TYPE}_inprogress`, `${asked.crn} ${TYPE}`]);
  } finally {
    await second.stop();
    await transport.close();
  }
});
