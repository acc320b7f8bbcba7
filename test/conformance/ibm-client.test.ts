import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startMatching } from '@tidings/notifications';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { pythonEnvironment } from '../harness/python-environment.js';
import { REPOSITORY } from '../harness/repository.js';
import { AdminWorld, TOKEN } from '../integration/notifications/admin-world.js';

const SCRIPT = join(REPOSITORY, 'test', 'conformance', 'ibm_event_notifications.py');
const SPARE = ['spare 0', 'spare 1', 'spare 2'];

interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly trace: string;
}

interface Answers extends Readonly<Record<string, unknown>> {
  readonly statuses: Readonly<Record<string, number>>;
  readonly unsupported: Readonly<Record<string, Refusal>>;
}

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const python = await pythonEnvironment();

describe.skipIf('missing' in python)('IBM’s own Python client', { timeout: 240_000 }, () => {
  const received: Received[] = [];
  let world: AdminWorld;
  let hook: Server;
  let answers: Answers;

  beforeAll(async () => {
    if ('missing' in python) return;
    hook = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const servers = { databaseUrl: inject('databaseUrl'), brokers: inject('brokers') };
    world = await AdminWorld.create(servers, 'match,deliver,api');
    await startMatching(world.app, (error) => {
      throw error;
    });
    const { code, stdout, stderr } = await python.run(SCRIPT, [], {
      TIDINGS_URL: world.url,
      TIDINGS_TOKEN: TOKEN,
      TIDINGS_HOOK: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/in`,
    });
    if (code !== 0) throw new Error(stderr);
    answers = JSON.parse(stdout) as Answers;
  }, 240_000);
  afterAll(async () => {
    await world.close();
    hook.close();
  });

  it('calls every operation that it has, and understands what it is answered', () => {
    expect(answers['not_called']).toEqual([]);
    const { statuses } = answers;
    const created = Object.keys(statuses).filter((name) => name.startsWith('create_'));
    expect(created.map((name) => statuses[name])).toEqual(created.map(() => 201));
    const deleted = Object.keys(statuses).filter((name) => name.startsWith('delete_'));
    expect(deleted).toHaveLength(5);
    expect(deleted.map((name) => statuses[name])).toEqual(deleted.map(() => 204));
    expect(statuses).toMatchObject({ test_destination: 202, send_notifications: 202, update_destination: 200 });
    expect(answers['gone']).toEqual([404, 404, 404, 404, 404]);
  });

  it('finds the pre-defined sources by their percent-encoded names, and switches them', () => {
    expect(answers['predefined']).toMatchObject({ enabled: false, type: 'resource-lifecycle-events' });
    expect(answers['toggled']).toBe(true);
    expect(answers['source']).toMatchObject({ enabled: true, topic_count: 0, topic_names: [] });
    expect(answers['kept']).toMatchObject({ code: 409 });
  });

  it('pages through every list to its end', () => {
    expect(answers['all_sources']).toHaveLength(9);
    expect(answers['spare_sources']).toEqual(SPARE);
    expect(answers['all_topics']).toEqual(['releases', ...SPARE]);
    expect(answers['all_templates']).toEqual(['shorter', ...SPARE]);
    expect(answers['all_destinations']).toEqual(['hook', ...SPARE]);
    expect(answers['all_subscriptions']).toEqual(['releases to hook', ...SPARE]);
  });

  it('has what it wrote back, without what is sensitive', () => {
    expect(answers['topic']).toMatchObject({
      description: 'second',
      source_count: 2,
      sources: [{ rules: [{ enabled: true, notification_filter: "$.data.severity == 'high'" }] }, {}],
    });
    expect(answers['listed_topic']).toMatchObject([{ source_count: 2 }]);
    expect(answers['updated_destination']).toMatchObject({
      description: 'second',
      config: { params: { custom_headers: { 'x-team': 'a' } } },
    });
    expect(JSON.stringify(answers)).not.toContain('c2VjcmV0');
    expect(answers['updated_subscription']).toMatchObject({
      description: 'second',
      attributes: { signing_enabled: true },
    });
  });

  it('tries a destination, and sends an event that arrives as the rules, the template and the signature have it', () => {
    expect(answers['test']).toMatchObject({ destination_type: 'webhook' });
    expect(answers['tried']).toMatchObject({ status: 'success', details: { status_code: 204 } });
    expect(answers['delivered']).toMatchObject({ status: 'success' });
    const templated = received.find(({ body }) => body.includes('"said"'));
    expect(JSON.parse(templated?.body ?? '{}')).toEqual({ said: 'Release 118 is live', kind: 'com.acme.release:live' });
    expect(templated?.headers).toMatchObject({
      authorization: 'Basic c2VjcmV0',
      'webhook-signature': expect.stringMatching(/^v1,/),
    });
  });

  it('reads the errors in their envelope', () => {
    expect(answers['taken_name']).toMatchObject({ code: 409, message: expect.stringContaining('"deploys"') });
    expect(answers['bad_filter']).toMatchObject({ code: 400, message: expect.stringContaining('position 18') });
    expect(answers['unknown_type']).toMatchObject({ code: 400, message: expect.stringContaining('webhook') });
    expect(answers['unknown_source']).toMatchObject({ code: 422 });
    expect(answers['unauthorised']).toBe(401);
  });

  it('is told clearly of what there is not: devices, integrations, IBM’s mail service and its metrics', () => {
    const { unsupported } = answers;
    expect(Object.keys(unsupported)).toHaveLength(26);
    for (const [name, { code, message, trace }] of Object.entries(unsupported)) {
      expect(code, name).toBe(404);
      expect(message, name).toContain('not part of this service');
      expect(trace, name).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
