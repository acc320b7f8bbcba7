import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AdminWorld, type IbmErrors, type Listed } from './admin-world.js';

let world: AdminWorld;

beforeAll(async () => {
  world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
});
afterAll(async () => world.close());

describe('lists', () => {
  it('are in pages that link to each other', async () => {
    for (let number = 1; number <= 5; number += 1) {
      await world.made('/default/topics', { name: `page ${number}`, description: number === 3 ? 'The Third' : '' });
    }
    const first = (await world.in('/topics?limit=2&search=page')).json<Listed>();
    expect(first).toMatchObject({ total_count: 5, offset: 0, limit: 2 });
    expect(first.topics.map(({ name }) => name)).toEqual(['page 1', 'page 2']);
    expect(first.previous).toBeUndefined();
    expect(first.next?.href).toBe(
      `${world.url}/event-notifications/v1/instances/default/topics?limit=2&search=page&offset=2`,
    );
    const second = (
      await world.request(new URL(first.next?.href ?? '').pathname + '?limit=2&search=page&offset=2')
    ).json<Listed>();
    expect(second.previous?.href).toContain('offset=0');
    const last = (await world.in('/topics?limit=2&search=page&offset=4')).json<Listed>();
    expect(last.topics).toHaveLength(1);
    expect(last.next).toBeUndefined();
    expect((await world.in('/topics?search=tHIRD')).json<Listed>().topics).toHaveLength(1);
    expect((await world.in('/topics?search=%25')).json<Listed>().topics).toHaveLength(0);
  });

  it('refuse parameters that they do not know, and values out of bounds', async () => {
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'offset=-1', 'ofset=1', `search=${'x'.repeat(101)}`]) {
      const answer = await world.in(`/topics?${query}`);
      expect(answer.status, query).toBe(400);
      expect(answer.json<IbmErrors>().errors[0]?.message).toContain(query.split('=')[0]);
    }
  });

  it('never link to a host that does not parse', async () => {
    const answer = await world.in('/sources?limit=1', { headers: { host: 'evil.example/"><script>' } });
    expect(answer.json<Listed>().next?.href).toMatch(/^\/event-notifications\//);
  });
});

describe('errors', () => {
  it('are in IBM’s envelope, whatever goes wrong under the path', async () => {
    const cases = [
      [401, await world.in('/topics', { headers: { authorization: 'Bearer wrong' } })],
      [404, await world.in('/nothing')],
      [404, await world.request('/event-notifications/elsewhere')],
      [404, await world.in('/topics/6c5c7a0e-7d0f-4f5b-8f3c-4b0f6f1f0000')],
      [404, await world.in('/topics/no-uuid')],
      [404, await world.ask('/6c5c7a0e-7d0f-4f5b-8f3c-4b0f6f1f0000/topics')],
      [405, await world.in('/topics', { method: 'PATCH', json: {} })],
      [415, await world.in('/topics', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' })],
      [415, await world.in('/destinations', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' })],
      [400, await world.in('/topics', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' })],
      [400, await world.in('/topics/%zz')],
      [400, await world.in('/topics', { method: 'POST', json: [] })],
    ] as const;
    for (const [status, answer] of cases) {
      expect(answer.status, answer.text).toBe(status);
      const { trace, status_code, errors } = answer.json<IbmErrors>();
      expect(trace).toMatch(/^[0-9a-f-]{36}$/);
      expect(status_code).toBe(status);
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors)
        expect(error).toEqual({ code: expect.any(String), message: expect.any(String), more_info: '/docs' });
    }
    expect(cases[6]?.[1].headers['allow']).toContain('POST');
  });

  it('name every field that is wrong', async () => {
    const { errors } = await world.refusal('/topics', { name: 'x'.repeat(256), description: 'y'.repeat(256), nam: 1 });
    expect(errors.map(({ message }) => message.split(':')[0])).toEqual(['nam', 'name', 'description']);
    await world.refusal('/topics', {});
    await world.refusal('/topics', { name: '' });
    await world.refusal('/topics', { name: 'a\u0000b' });
    await world.refusal('/topics', { name: 'fine', description: 'a\u0000b' });
    for (const id of ['x', '', 3, null]) {
      const both = await world.refusal('/subscriptions', { name: 'x', topic_id: id, destination_id: id });
      expect(both.errors.map(({ message }) => message.split(':')[0])).toEqual(['topic_id', 'destination_id']);
    }
    await world.refusal('/templates', { name: 'x', type: '', params: { body: 'e30=' } });
  });

  it('elsewhere are as ever', async () => {
    expect((await world.request('/nothing')).json()).toEqual({ detail: 'Not found.', code: 'not_found' });
  });
});
