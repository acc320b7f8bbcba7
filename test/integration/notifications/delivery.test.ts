import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { until } from '../../harness/until.js';
import { DeliveryWorld, signingSecret } from './delivery-world.js';
import { answering, hanging, WebhookSink } from './webhook-sink.js';

let world: DeliveryWorld;
const sinks: WebhookSink[] = [];

async function sink(...behaviour: Parameters<typeof WebhookSink.open>): Promise<WebhookSink> {
  const opened = await WebhookSink.open(...behaviour);
  sinks.push(opened);
  return opened;
}

beforeEach(async () => {
  world = await DeliveryWorld.create(inject('databaseUrl'));
});

afterEach(async () => {
  await world.close();
  await Promise.all(sinks.splice(0).map((one) => one.close()));
});

describe('a webhook', () => {
  it('gets the event with its notification id, the configured headers, and one id for all attempts', async () => {
    let isDown = true;
    const receiver = await sink((response) => response.writeHead(isDown ? 503 : 200).end('thanks'));
    const headers = { 'X-Api-Key': 'the-secret' };
    const recipient = await world.recipient({ url: receiver.url, headers, schedule: [0, 1] });
    const [id = ''] = await world.queue([recipient], 1, { message: 'naïve' });
    world.start();
    await until(() => receiver.received.length === 1);
    isDown = false;
    await until(async () => (await world.delivery(id)).state === 'delivered');
    const [first, second] = receiver.received;
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      id: 'e0',
      data: { message: 'naïve' },
      notification_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(first?.headers).toMatchObject({
      'x-api-key': 'the-secret',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(first?.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    const { rows } = await world.pool.query('SELECT * FROM notifications.attempt ORDER BY number');
    expect(rows).toMatchObject([
      { delivery_id: id, number: 1, outcome: 'failed', status: '503' },
      { delivery_id: id, number: 2, outcome: 'delivered', status: '200', response_head: 'thanks' },
    ]);
    expect(JSON.stringify(rows)).not.toContain('the-secret');
  });

  it('is signed with both secrets while one takes over from the other', async () => {
    const secrets = [signingSecret(), signingSecret()];
    const receiver = await sink();
    const recipient = await world.recipient({
      url: receiver.url,
      signingSecrets: secrets,
      attributes: { signing_enabled: true },
    });
    await world.queue([recipient], 1, { text: 'schön — 漢字' });
    world.start();
    await until(() => receiver.received.length === 1);
    const [got] = receiver.received;
    for (const secret of secrets) {
      expect(new Webhook(secret).verify(got?.body ?? '', got?.headers as Record<string, string>)).toMatchObject({
        id: 'e0',
      });
    }
    const stranger = new Webhook(signingSecret());
    expect(() => stranger.verify(got?.body ?? '', got?.headers as Record<string, string>)).toThrow();
    expect(() =>
      new Webhook(secrets[0] ?? '').verify(`${got?.body} `, got?.headers as Record<string, string>),
    ).toThrow();
  });

  it('gets what its template makes of the event', async () => {
    const receiver = await sink();
    const template = await world.template('{"text": "{{data.message}}", "of": "{{id}}"}');
    const attributes = { template_id_notification: template };
    const recipient = await world.recipient({ url: receiver.url, attributes });
    await world.queue([recipient], 1, { message: 'a "quoted" <b>\n' });
    world.start();
    await until(() => receiver.received.length === 1);
    const [got] = receiver.received;
    expect(JSON.parse(got?.body ?? '')).toEqual({ text: 'a "quoted" <b>\n', of: 'e0' });
  });
});

describe('what the receiver answers decides', () => {
  it.each([
    ['a 400 is final', 400, {}, 'failed', 0, 0],
    ['a redirect is never followed', 302, { location: 'http://169.254.169.254/' }, 'failed', 0, 0],
    ['a 500 is tried again after the schedule', 500, {}, 'waiting', 79, 121],
    ['a 429 waits for a minute at least', 429, {}, 'waiting', 58, 121],
    ['Retry-After in seconds', 503, { 'retry-after': '500' }, 'waiting', 490, 501],
    ['Retry-After beyond a day', 503, { 'retry-after': '99999999999999999999' }, 'waiting', 86_000, 86_401],
    ['Retry-After below nought', 503, { 'retry-after': '-5' }, 'waiting', 79, 121],
    ['Retry-After without sense', 503, { 'retry-after': 'soon' }, 'waiting', 79, 121],
    ['Retry-After in the past', 503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 'waiting', 79, 121],
    [
      'Retry-After in the far future',
      503,
      { 'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT' },
      'waiting',
      86_000,
      86_401,
    ],
  ] as const)('%s', async (_name, status, headers, state, least, most) => {
    const receiver = await sink(answering(status, headers));
    const recipient = await world.recipient({ url: receiver.url, schedule: [0, 100] });
    const [id = ''] = await world.queue([recipient], 1);
    world.start();
    const delivery = await until(async () => {
      const found = await world.delivery(id);
      return found.attempts === 1 ? found : undefined;
    });
    expect(delivery).toMatchObject({ state, last_status: String(status) });
    if (state === 'waiting') {
      expect(delivery.pause).toBeGreaterThan(least - 10);
      expect(delivery.pause).toBeLessThan(most);
    }
    expect(receiver.received).toHaveLength(1);
  });

  it('whoever does not answer in time is tried again after a minute', async () => {
    const receiver = await sink(hanging);
    const recipient = await world.recipient({ url: receiver.url, schedule: [0, 1] });
    const [id = ''] = await world.queue([recipient], 1);
    world.start({ attemptMs: 300 });
    const delivery = await until(async () => {
      const found = await world.delivery(id);
      return found.attempts === 1 ? found : undefined;
    });
    expect(delivery).toMatchObject({ state: 'waiting', last_status: 'timeout' });
    expect(delivery.pause).toBeGreaterThan(45);
  });

  it('after the last attempt it has failed, and is kept', async () => {
    const receiver = await sink(answering(500));
    const recipient = await world.recipient({ url: receiver.url, schedule: [0, 0, 0] });
    const [id = ''] = await world.queue([recipient], 1);
    world.start();
    await until(async () => (await world.delivery(id)).state === 'failed');
    expect(receiver.received).toHaveLength(3);
    expect([...receiver.counts().values()]).toEqual([3]);
  });

  it('410 has the destination disabled, and what is for it waits', async () => {
    const receiver = await sink(answering(410));
    const recipient = await world.recipient({ url: receiver.url });
    const [id = ''] = await world.queue([recipient], 1);
    world.start();
    await until(() => world.disabled.length > 0);
    const [disabled] = world.disabled;
    expect(disabled).toEqual([recipient.destinationId, 'it answered 410 Gone', '410']);
    await until(async () => (await world.delivery(id)).state === 'waiting');
  });

  it('five days of failures only have the destination disabled', async () => {
    const receiver = await sink(answering(500));
    const recipient = await world.recipient({ url: receiver.url });
    await world.pool.query(
      `INSERT INTO notifications.destination_failure VALUES ($1, now() - interval '6 days', now() - interval '1 day')`,
      [recipient.destinationId],
    );
    await world.queue([recipient], 1);
    world.start();
    await until(() => world.disabled.length > 0);
    const [disabled] = world.disabled;
    expect(disabled).toEqual([recipient.destinationId, 'every delivery has failed for 5 days', '500']);
  });

  it('a success ends the count of failures', async () => {
    const receiver = await sink();
    const recipient = await world.recipient({ url: receiver.url });
    await world.pool.query(`INSERT INTO notifications.destination_failure VALUES ($1, now() - interval '6 days')`, [
      recipient.destinationId,
    ]);
    await world.queue([recipient], 1);
    world.start();
    await until(async () => {
      const { rowCount } = await world.pool.query('SELECT FROM notifications.destination_failure');
      return rowCount === 0;
    });
  });
});

describe('destinations that fail', () => {
  it('let deliveries wait without using up attempts, once their circuit is open', async () => {
    const receiver = await sink(answering(500));
    const recipient = await world.recipient({ url: receiver.url, schedule: [0, 0, 0, 0] });
    world.start();
    await world.queue([recipient], 8);
    await until(async () => (await world.pool.query('SELECT FROM notifications.attempt')).rowCount! >= 10);
    const before = receiver.received.length;
    const [id = ''] = await world.queue([recipient], 1);
    // The dispatcher has looked again, and more than once: another destination gets what comes after it.
    const other = await sink();
    const healthy = await world.recipient({ url: other.url });
    for (let round = 1; round <= 3; round += 1) {
      await world.queue([healthy], 1);
      await until(() => other.received.length === round);
    }
    expect(await world.delivery(id)).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(receiver.received.length).toBeLessThanOrEqual(before + 8);
  });

  it('hold up nobody: one that hangs and one that answers 500 among ten', async () => {
    const healthy = await Promise.all(Array.from({ length: 8 }, async () => sink()));
    const all = [await sink(hanging), await sink(answering(500)), ...healthy];
    const recipients = [];
    for (const { url } of all) recipients.push(await world.recipient({ url }));
    world.start();
    await world.queue(recipients, 300);
    await until(() => healthy.every(({ received }) => received.length === 300));
    for (const one of healthy) expect([...one.counts().values()].every((count) => count === 1)).toBe(true);
  });
});

describe('a lease', () => {
  it('that has ended is given to another, and the outcome of the first is ignored', async () => {
    let answer: (() => void) | undefined;
    const receiver = await sink((response, _received, count) => {
      if (count === 0) answer = () => response.writeHead(400).end();
      else response.writeHead(204).end();
    });
    const recipient = await world.recipient({ url: receiver.url });
    const [id = ''] = await world.queue([recipient], 1);
    world.start();
    await until(() => answer);
    await world.pool.query(`UPDATE notifications.delivery SET lease_until = now() - interval '1 second'`);
    await until(async () => (await world.delivery(id)).state === 'delivered');
    answer?.();
    await until(() => world.reports.some((report) => report.includes('after their lease had ended')));
    expect(await world.delivery(id)).toMatchObject({ state: 'delivered', last_status: '204', attempts: 1 });
    expect([...receiver.counts().values()]).toEqual([2]);
  });

  it('is nobody else’s: two dispatchers deliver each once', async () => {
    const receiver = await sink();
    const recipient = await world.recipient({ url: receiver.url });
    world.start();
    world.start();
    for (let round = 0; round < 10; round += 1) await world.queue([recipient], 100);
    await until(async () => (await world.states())['delivered'] === 1_000);
    expect(receiver.received).toHaveLength(1_000);
    expect(receiver.counts().size).toBe(1_000);
  });

  it('is given back by a process that stops, after what is under way has ended', async () => {
    const receiver = await sink((response) => void setTimeout(() => response.writeHead(204).end(), 300));
    const recipient = await world.recipient({ url: receiver.url });
    const delivery = world.start();
    await world.queue([recipient], 20);
    await until(() => receiver.received.length > 0);
    await world.stop(delivery);
    expect((await world.states())['leased']).toBeUndefined();
    world.start();
    await until(async () => (await world.states())['delivered'] === 20);
    expect(receiver.received).toHaveLength(20);
  });
});

describe('a template of ill will', () => {
  it.each([
    ['never ends', `${'{{#each data.items}}{{#each ../../data.items}}'.repeat(12)}x${'{{/each}}{{/each}}'.repeat(12)}`],
    ['calls itself', '{{#*inline "a"}}{{> a}}{{> a}}{{/inline}}{{> a}}'],
    ['reaches for the prototype', '{{constructor.constructor "return process"}}'],
    ['makes too much', `${'{{#each data.items}}'.repeat(4)}xxxxxxxxxxxxxxxxxxxx${'{{/each}}'.repeat(4)}`],
  ])('that %s harms nobody but its own delivery', async (_name, body) => {
    const receiver = await sink();
    const template = await world.template(body);
    const evil = await world.recipient({ url: receiver.url, attributes: { template_id_notification: template } });
    const good = await world.template('{"is":"fine"}');
    const other = await sink();
    const healthy = await world.recipient({ url: other.url, attributes: { template_id_notification: good } });
    world.start();
    const items = Array.from({ length: 60 }, (_, index) => index);
    await world.queue([evil], 3, { items });
    await world.queue([healthy], 3);
    await until(() => other.received.length === 3);
    const outcomes = await until(async () => {
      const { rows } = await world.pool.query<{ state: string; last_status: string }>(
        'SELECT state, last_status FROM notifications.delivery WHERE subscription_id = $1',
        [evil.subscriptionId],
      );
      return rows.every(({ last_status }) => last_status !== null) ? rows : undefined;
    });
    for (const { last_status } of outcomes) {
      if (receiver.received.length === 0) expect(last_status).toBe('template');
    }
    for (const { body: sent } of receiver.received) expect(sent).not.toMatch(/process|function/);
  });
});
