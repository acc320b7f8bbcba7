import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { catalogue } from '@tidings/catalogue';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { REPOSITORY } from '../../harness/repository.js';
import { ApiWorld } from '../api-world.js';

/** Of the parser's diagnostics: errors are 0. */
const WARNING = 1;

const ANYBODY = { headers: { authorization: '' } };

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string; readonly messages: object }>>;
}

let world: ApiWorld;
let text: string;

beforeAll(async () => {
  world = await ApiWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  text = (await world.request('/docs/async.json', ANYBODY)).text;
});

afterAll(async () => world.close());

describe('/docs/async.json', () => {
  it('is AsyncAPI 3.0, by the official parser, and its examples fit its schemas', async () => {
    const { document, diagnostics } = await new Parser().parse(text);
    // A hint that a newer version of the specification is out says nothing of the document.
    const wrong = diagnostics.filter(
      ({ severity, code }) => Number(severity) <= WARNING && code !== 'asyncapi-latest-version',
    );
    expect(wrong.map(({ code, message, path }) => `${code} ${path.join('.')}: ${message}`)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
    expect(document?.allMessages().all().length).toBeGreaterThanOrEqual(catalogue.types().length);
    const [message] =
      document?.allMessages().filterBy((one) => one.name() === 'com.waldur.customer_creation_succeeded') ?? [];
    const headers = message?.headers()?.json() as { required: string[]; properties: Record<string, object> };
    expect(headers.required).toContain('ce_id');
    expect(headers.properties['ce_type']).toMatchObject({ const: 'com.waldur.customer_creation_succeeded' });
  });

  it('has every kafkaTopic, as it is called here, with every type on its own', () => {
    const { channels } = JSON.parse(text) as Document;
    const { prefix } = world.environment.kafka;
    expect(Object.keys(channels).sort()).toEqual([...catalogue.kafkaTopics(), 'tidings.dead-letters'].sort());
    for (const { type, kafkaTopic } of catalogue.types()) {
      expect(channels[kafkaTopic]?.address).toBe(`${prefix}${kafkaTopic}`);
      expect(Object.keys(channels[kafkaTopic]?.messages ?? {}), type).toContain(type.replace(':', '_'));
    }
  });

  it('names no broker: it is open to all', () => {
    expect(text).not.toContain(inject('brokers'));
  });

  it('is docs/asyncapi.json but for the prefix; `npm test -- asyncapi --update` writes it', async () => {
    const { prefix } = world.environment.kafka;
    const written = `${linesOf(JSON.parse(text.replaceAll(prefix, '')), 3)}\n`;
    await expect(written).toMatchFileSnapshot(join(REPOSITORY, 'docs', 'asyncapi.json'));
  });

  it('is not sent again to whom has it', async () => {
    const { headers } = await world.request('/docs/async.json', ANYBODY);
    expect(headers['content-type']).toBe('application/vnd.aai.asyncapi+json; version="3.0.0"; charset=utf-8');
    const again = await world.request('/docs/async.json', { headers: { 'if-none-match': headers.etag ?? '' } });
    expect([again.status, again.text]).toEqual([304, '']);
  });
});

describe('/docs/async', () => {
  it('is there for people, with every type, without a token or anything from elsewhere', async () => {
    const page = await world.request('/docs/async', ANYBODY);
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    for (const { type } of catalogue.types()) expect(page.text).toContain(`<code>${type}</code>`);
    expect(page.text).not.toMatch(/<script|<link|(?:src|href|action)\s*=\s*"?https?:\/\//);
  });
});

/** JSON with a line for each member down to a depth: the difference of a change is what has changed, and no more. */
function linesOf(value: unknown, depth: number): string {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const lines = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${linesOf(member, depth - 1)}`);
  return `{\n${lines.join(',\n')}\n}`;
}
