import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../harness/app-process.js';
import { type OwnStandalone, startOwnStandalone } from '../../harness/own-standalone.js';
import { installShopPackage, type TeamPackage } from '../../harness/team-package.js';
import { until } from '../../harness/until.js';

const PLACED = 'com.acme.shop.order.placed';

let shop: TeamPackage;
let standalone: OwnStandalone;

beforeAll(async () => {
  shop = await installShopPackage();
  standalone = await startOwnStandalone({ TIDINGS_CATALOGUES: shop.folder });
});

afterAll(async () => {
  await standalone.stop();
  shop.remove();
});

const order = (id: string, customer: string, change: object = {}) => ({
  specversion: '1.0',
  id: `event-${id}`,
  source: '/shop/main',
  type: PLACED,
  time: '2026-11-02T10:43:54.567742Z',
  data: { order_id: id, customer_id: customer, total: { cents: 1990, currency: 'EUR' }, ...change },
});

async function ask<T>(
  path: string,
  options: { body?: object; token?: string } = {},
): Promise<{ status: number; json: T }> {
  const response = await fetch(`${standalone.app.url}${path}`, {
    method: options.body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${options.token ?? standalone.token}`,
      'content-type': path === '/v1/events' ? 'application/cloudevents+json' : 'application/json',
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  return { status: response.status, json: (await response.json()) as T };
}

interface Shown {
  readonly message: string;
  readonly event_type: string;
}

const messagesOf = async (query: string, token?: string): Promise<string[]> =>
  (await ask<Shown[]>(`/api/events/?${query}`, token === undefined ? {} : { token })).json.map(
    ({ message }) => message,
  );

describe("a team's own system, loaded by configuration", () => {
  it('is published, kept, and found by type, group and scope', async () => {
    for (const [id, customer] of [
      ['A-17', 'C-4'],
      ['A-18', 'C-5'],
    ] as const) {
      expect((await ask('/v1/events', { body: order(id, customer) })).status).toBe(202);
    }
    await until(async () => (await messagesOf('system=shop')).length === 2, { what: 'both orders in the store' });
    expect(await messagesOf('event_type=order.placed&o=created')).toEqual(
      expect.arrayContaining(['Order A-17 of 19.9 EUR was placed.', 'Order A-18 of 19.9 EUR was placed.']),
    );
    expect(await messagesOf(`event_type=${PLACED}`)).toHaveLength(2);
    expect(await messagesOf('feature=orders')).toHaveLength(2);
    expect(await messagesOf('scope=shop:main:customer:C-4')).toEqual(['Order A-17 of 19.9 EUR was placed.']);
  });

  it('is seen by whom it belongs to, and by nobody else', async () => {
    const tokenFor = async (scope: string): Promise<string> => {
      const body = { name: scope, permissions: ['events:read'], scopes: [scope] };
      return (await ask<{ token: string }>('/api/tokens/', { body })).json.token;
    };
    expect(await messagesOf('', await tokenFor('shop:main:customer:C-5'))).toEqual([
      'Order A-18 of 19.9 EUR was placed.',
    ]);
    expect(await messagesOf('', await tokenFor('waldur:*'))).toEqual([]);
  });

  it('holds its producers to its payload classes, field by field', async () => {
    const wrong = order('A-19', 'C-4', { total: { cents: -1, currency: 'USD' } });
    const { status, json } = await ask<object>('/v1/events', { body: wrong });
    expect(status).toBe(422);
    expect(JSON.stringify(json)).toContain('data.total.currency');
    expect(JSON.stringify(json)).toContain('must be one of EUR, SEK');
    const unknown = await ask<object>('/v1/events', {
      body: { ...order('A-20', 'C-4'), type: 'com.acme.shop.order.place' },
    });
    expect(unknown.status).toBe(422);
    expect(JSON.stringify(unknown.json)).toContain(PLACED);
  });

  it('sends its native events, of which one that its own code stumbles over fails no other', async () => {
    const data = { order_id: 'A-30', customer_id: 'C-6', total: { cents: 500, currency: 'SEK' } };
    const sent = { kind: 'order.cancelled', at: '2026-11-02T11:00:00Z', order: data };
    const { status, json } = await ask<{ accepted: number; dead_lettered: number }>('/v1/ingest/shop?site=oslo', {
      body: [sent, { kind: 'order.lost' }, { ...sent, at: '2026-11-02T11:00:01Z' }],
    });
    expect([status, json.accepted, json.dead_lettered]).toEqual([202, 2, 1]);
    const stored = async (): Promise<boolean> => (await messagesOf('scope=shop:oslo:customer:C-6')).length === 2;
    await until(stored, { what: 'the native events in the store' });
    const letters = async (): Promise<string> => JSON.stringify((await ask<object[]>('/api/dead-letters/')).json);
    await until(async () => (await letters()).includes('cannot be read'), { what: 'the dead letter' });
  });

  it('is in the catalogue, with a kafkaTopic of its own', async () => {
    const { json } = await ask<{ type: string; kafkaTopic: string; groups: string[] }[]>('/api/catalogue/?system=shop');
    expect(json.map(({ type }) => type)).toEqual([PLACED, 'com.acme.shop.order.cancelled']);
    expect(json[0]?.kafkaTopic).toMatch(/lifecycle\.shop\.orders$/);
    expect(json[0]?.groups).toEqual(['orders', 'customers']);
  });

  it('has a schema of each version, the former ones too', async () => {
    const required = async (version: number): Promise<unknown> =>
      (await ask<{ required: string[] }>(`/schemas/urn:tidings:schema:${PLACED}:${version}`)).json.required;
    expect(await required(1)).toEqual(['cents', 'order_id']);
    expect(await required(2)).toEqual(['customer_id', 'order_id', 'total']);
  });

  it('is in the AsyncAPI document', async () => {
    const { json } = await ask<{ channels: Record<string, { messages: object }> }>('/docs/async.json');
    expect(Object.keys(json.channels['lifecycle.shop.orders']?.messages ?? {})).toContain(PLACED);
    expect(json.channels['lifecycle.shop.uncatalogued']).toBeDefined();
  });

  it('is a source to subscribe to', async () => {
    const { json } = await ask<{ sources: { name: string; type: string; enabled: boolean }[] }>(
      '/event-notifications/v1/instances/default/sources?limit=100',
    );
    expect(json.sources).toContainEqual(
      expect.objectContaining({ name: 'Acme Shop', type: 'shop-lifecycle-events', enabled: false }),
    );
  });
});

describe('a package that cannot be loaded', () => {
  it.each([
    ['is not there', './nowhere', /TIDINGS_CATALOGUES: \.\/nowhere cannot be found: there is no \//],
    ['is not installed', '@acme/no-such-events', /@acme\/no-such-events cannot be found from .*; install it there/],
    ['exports no systems', 'ajv', /ajv exports no systems; write `export const systems/],
  ])('ends the start at once where it %s, in one line', async (_what, given, line) => {
    const app = await AppProcess.spawn('gateway', {
      TIDINGS_CATALOGUES: given,
      TIDINGS_ADMIN_TOKEN: 'a-token-for-tests-that-is-long-enough',
      KAFKA_BROKERS: '127.0.0.1:1',
    });
    expect(await app.ended).toMatchObject({ code: 1 });
    expect(app.output.trim().split('\n')).toEqual([expect.stringMatching(line)]);
  });
});
