import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { pythonEnvironment } from '../harness/python-environment.js';
import { AdminWorld, TOKEN } from '../integration/notifications/admin-world.js';

const python = await pythonEnvironment();

const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';
/** Stored events are another app's, which does not run here. */
const ELSEWHERE = '/(routing|replays?|filters/test)$';

describe.skipIf('missing' in python)('schemathesis over the admin API', { timeout: 300_000 }, () => {
  let world: AdminWorld;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tidings-fuzz-'));
    world = await AdminWorld.create({ databaseUrl: inject('databaseUrl'), brokers: inject('brokers') });
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Without ids of things that are there, it would see 404 alone. */
  async function configuration(): Promise<string> {
    const source = await world.made('/default/sources', { name: 'fuzzed' });
    const topic = await world.made('/default/topics', { name: 'fuzzed', sources: [{ id: source['id'] }] });
    const destination = await world.webhook('default', 'fuzzed');
    const ids = { topic_id: topic['id'], destination_id: destination.id };
    const subscription = await world.made('/default/subscriptions', { name: 'fuzzed', ...ids });
    const params = { body: Buffer.from('{{data.a}}').toString('base64') };
    const template = await world.made('/default/templates', { name: 'fuzzed', type: 'webhook.notification', params });
    const section = (plural: string, id = ''): string =>
      `[[operations]]\ninclude-path-regex = "/${plural}/"\nparameters = { id = "${id}" }\n`;
    const file = join(folder, 'schemathesis.toml');
    writeFileSync(
      file,
      [
        `[parameters]\ninstance_id = "default"\nsource_id = "${source['id']}"\n`,
        section('sources', source['id']),
        section('topics', topic['id']),
        section('destinations', destination.id),
        section('subscriptions', subscription['id']),
        section('templates', template['id']),
      ].join('\n'),
    );
    return file;
  }

  it('finds no answer that the document does not have, and no failure of ours', async () => {
    if ('missing' in python) return;
    // It keeps what it found in the working directory.
    const script =
      'import os; os.chdir(os.environ["FOLDER"]); from schemathesis.cli import schemathesis; schemathesis()';
    const options = [
      ...['--config-file', await configuration(), 'run', `${world.url}/docs/openapi.json`, '--url', world.url],
      ...['--header', `Authorization: Bearer ${TOKEN}`, '--checks', CHECKS, '--phases', 'examples,coverage,fuzzing'],
      ...['--include-path-regex', '^/event-notifications/', '--exclude-path-regex', ELSEWHERE],
      // It would take away what the others are tried on.
      ...['--exclude-method', 'DELETE', '--max-examples', '15', '--seed', '1', '--request-timeout', '30'],
    ];
    const { code, stdout, stderr } = await python.run('-c', [script, ...options], { FOLDER: folder });
    expect(`${stdout}${stderr}`).toMatch(/Tested: [1-9]/);
    expect(code, `${stdout}${stderr}`).toBe(0);
  });
});
