import { afterAll, beforeAll, expect, it } from 'vitest';
import { subscribe } from '../../faults/subscriptions.js';
import { type OwnStandalone, startOwnStandalone } from '../../harness/own-standalone.js';
import { until } from '../../harness/until.js';
import { WebhookSink } from '../notifications/webhook-sink.js';

let own: OwnStandalone;
let sink: WebhookSink;

beforeAll(async () => {
  [own, sink] = await Promise.all([startOwnStandalone(), WebhookSink.open()]);
});
afterAll(async () => {
  await own.stop();
  await sink.close();
});

async function ask<T>(path: string, body?: object): Promise<{ status: number; json: T }> {
  const answer = await fetch(own.app.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${own.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as T };
}

it('a native event that nobody could use is delivered once it has been repaired, to whoever subscribes to its type', async () => {
  const api = { url: own.app.url, token: own.token };
  const filter = "$.type == 'com.waldur.customer_update_succeeded'";
  await subscribe(api, { system: 'waldur', filter, receivers: { sink: sink.url } });
  const context = { customer_uuid: '47eaa0992cb6416d86dc283cf0480ff9', customer_name: 'Tartu' };
  const native = { message: 'Customer Tartu was repaired.', event_type: 'customer_update_succeeded', context };
  const sent = await ask<{ dead_lettered: number }>('/v1/ingest/waldur?site=rack1', native);
  expect(sent).toMatchObject({ status: 202, json: { dead_lettered: 1 } });
  const [letter] = await until(async () => {
    const { json } = await ask<readonly { id: number; reason: string }[]>('/api/dead-letters/');
    return json.length > 0 ? json : undefined;
  });
  expect(letter?.reason).toBe('unusable_native_event');
  expect(sink.received).toHaveLength(0);

  const created = new Date().toISOString();
  const repaired = await ask(`/api/dead-letters/${letter?.id}/retry/`, { value: { ...native, created } });
  expect(repaired.status).toBe(202);
  await until(() => sink.received.length > 0, { what: 'the repaired event at the webhook' });
  expect(sink.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    expect.objectContaining({ source: '/waldur/rack1', type: 'com.waldur.customer_update_succeeded' }),
  ]);
  expect(sink.received[0]?.body).toContain('47eaa0992cb6416d86dc283cf0480ff9');
  const stored = await ask<readonly unknown[]>('/api/events/');
  expect(stored.json).toMatchObject([{ event_type: 'customer_update_succeeded' }]);
});
