import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../harness/app-process.js';
import { lxcClient } from '../harness/lxc-client.js';
import { type OwnStandalone, startOwnStandalone } from '../harness/own-standalone.js';
import { pythonEnvironment } from '../harness/python-environment.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';
import { WatchedProgram } from '../harness/watched-program.js';

/** As LXD sends it. */
interface LxdEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly project?: string;
}

const SCRIPT = join(REPOSITORY, 'test', 'conformance', 'pylxd_events.py');
const SAMPLES = readFileSync(join(REPOSITORY, 'test', 'samples', 'lxd-events.ndjson'), 'utf8')
  .trimEnd()
  .split('\n');

const python = await pythonEnvironment();
const lxc = await lxcClient();

let standalone: OwnStandalone;
let app: AppProcess;
let folder: string;
let tls: string;
let sent = 0;
const watched: WatchedProgram[] = [];

beforeAll(async () => {
  standalone = await startOwnStandalone({ TIDINGS_LXD_TLS_PORT: '0' });
  ({ app, folder } = standalone);
  tls = await until(() => /https:\/\/\S+/.exec(app.output)?.[0], { what: 'the banner with the TLS address' });
});
afterEach(async () => {
  await Promise.all(watched.splice(0).map((program) => program.stop()));
});
afterAll(() => standalone.stop());

/** The headers of what an administrator sends. */
const sending = (type: string) => ({ authorization: `Bearer ${standalone.token}`, 'content-type': type });

/** The samples at times of their own, so that none of them has been there before. */
function freshSamples(): LxdEvent[] {
  return SAMPLES.map((line) => {
    const nanoseconds = String(++sent).padStart(9, '0');
    return { ...(JSON.parse(line) as LxdEvent), timestamp: `2026-11-02T10:42:03.${nanoseconds}Z` };
  });
}

async function publish(events: readonly LxdEvent[]): Promise<void> {
  const body = events.map((event) => JSON.stringify(event)).join('\n');
  const answer = await fetch(`${app.url}/v1/ingest/lxd`, {
    method: 'POST',
    headers: sending('application/x-ndjson'),
    body,
  });
  expect(answer.status, await answer.text()).toBe(202);
}

/** Where these are set, Python's requests trust what they name and nothing else. */
const OWN_AUTHORITIES = { REQUESTS_CA_BUNDLE: undefined, CURL_CA_BUNDLE: undefined };

function watch(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): WatchedProgram {
  const started = new WatchedProgram(program, args, { ...OWN_AUTHORITIES, ...env });
  watched.push(started);
  return started;
}

function byTime(events: readonly LxdEvent[]): LxdEvent[] {
  return [...events].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
}

/** With all nine digits. */
function nanoseconds(timestamp: string): string {
  return timestamp.replace(/\.?(\d*)Z$/, (_, digits: string) => `.${digits.padEnd(9, '0')}Z`);
}

/** In LXD's default project, or in none. */
const inDefault = ({ project = '' }: LxdEvent): boolean => project === '' || project === 'default';

describe.skipIf('missing' in python)('pylxd', () => {
  const program = 'missing' in python ? '' : python.python;
  const eventsOf = (client: WatchedProgram): LxdEvent[] =>
    client.documents<LxdEvent>().filter(({ timestamp }) => timestamp !== undefined);

  async function follow(...args: string[]): Promise<WatchedProgram> {
    const client = watch(program, [SCRIPT, ...args]);
    await until(() => client.stdout.includes('"connected"'), { what: 'pylxd to be connected' }).catch(
      (error: unknown) => {
        throw new Error(client.stderr, { cause: error });
      },
    );
    return client;
  }

  it('follows events on the unix socket, and gets what was sent, field by field', async () => {
    const client = await follow(join(folder, 'unix.socket'));
    const events = freshSamples();
    await publish(events);
    const expected = byTime(events.filter(inDefault));
    await until(() => eventsOf(client).length >= expected.length, { what: 'the events' });
    expect(byTime(eventsOf(client))).toEqual(expected);
    expect(client.documents()[0]).toEqual({ trusted: true });
  });

  it('gets the types it asks for', async () => {
    const client = await follow(join(folder, 'unix.socket'), '--types', 'operation');
    const events = freshSamples();
    await publish(events);
    const expected = byTime(events.filter((event) => inDefault(event) && event.type === 'operation'));
    expect(expected.length).toBeGreaterThan(0);
    await until(() => eventsOf(client).length >= expected.length, { what: 'the operations' });
    expect(byTime(eventsOf(client))).toEqual(expected);
  });

  it('follows events over TLS with a registered certificate, and is untrusted with another', async () => {
    const [own, other] = [await certificateFiles('own'), await certificateFiles('other')];
    const [server = ''] = /-----BEGIN CERT.*/s.exec(readFileSync(join(folder, 'lxd-server.pem'), 'utf8')) ?? [];
    const verify = join(folder, 'server.crt');
    writeFileSync(verify, server);
    const made = await fetch(`${app.url}/api/tokens/`, {
      method: 'POST',
      headers: sending('application/json'),
      body: JSON.stringify({
        name: 'pylxd',
        permissions: ['events:read'],
        scopes: ['lxd:*'],
        certificate: readFileSync(own.cert, 'utf8'),
      }),
    });
    expect(made.status, await made.text()).toBe(201);

    const client = await follow(tls, '--cert', own.cert, '--key', own.key, '--verify', verify);
    const events = freshSamples();
    await publish(events);
    const expected = byTime(events.filter(inDefault));
    await until(() => eventsOf(client).length >= expected.length, { what: 'the events' });
    expect(byTime(eventsOf(client))).toEqual(expected);

    const stranger = watch(program, [SCRIPT, tls, '--cert', other.cert, '--key', other.key, '--verify', verify]);
    expect(await stranger.ended).not.toBe(0);
    expect(stranger.documents()).toEqual([{ trusted: false }]);
    expect(stranger.stderr).toContain('403');
  });

  async function certificateFiles(name: string): Promise<{ cert: string; key: string }> {
    const made = await generate([{ name: 'commonName', value: name }], { keyType: 'ec', algorithm: 'sha256' });
    const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
    writeFileSync(cert, made.cert);
    writeFileSync(key, made.private, { mode: 0o600 });
    return { cert, key };
  }
});

describe.skipIf('missing' in lxc)('lxc monitor', () => {
  const program = 'missing' in lxc ? '' : lxc.lxc;

  /** It says nothing of being connected: so it is sent something until something shows. */
  async function monitor(...args: string[]): Promise<WatchedProgram> {
    const client = watch(program, ['monitor', ...args], {
      LXD_DIR: folder,
      HOME: folder,
      LXD_CONF: join(folder, 'lxc'),
    });
    await until(
      async () => {
        const timestamp = `2026-11-02T09:00:00.${String(++sent).padStart(9, '0')}Z`;
        const metadata = { action: 'instance-started', source: '/1.0/instances/probe' };
        await publish([{ type: 'lifecycle', timestamp, metadata, project: 'default' }]);
        return client.stdout.includes('probe');
      },
      { what: 'lxc monitor to show something', interval: 250 },
    ).catch((error: unknown) => {
      throw new Error(client.stderr, { cause: error });
    });
    return client;
  }

  const eventsOf = (client: WatchedProgram): LxdEvent[] =>
    client.documents<LxdEvent>().filter(({ metadata }) => metadata['source'] !== '/1.0/instances/probe');

  it('shows what was sent, field by field', async () => {
    const client = await monitor('--format', 'json');
    const events = freshSamples();
    await publish(events);
    const expected = byTime(events.filter(inDefault));
    await until(() => eventsOf(client).length >= expected.length, { what: 'the events' });
    // The client writes timestamps anew, without the zeros at their end.
    const shown = eventsOf(client).map((event) => ({ ...event, timestamp: nanoseconds(event.timestamp) }));
    expect(byTime(shown)).toEqual(expected);
  });

  it('filters by type, and by project', async () => {
    const client = await monitor('--format', 'json', '--type', 'lifecycle', '--all-projects');
    const events = freshSamples();
    await publish(events);
    const expected = events.filter(({ type }) => type === 'lifecycle');
    await until(() => eventsOf(client).length >= expected.length, { what: 'the events of all projects' });
    expect(eventsOf(client).map(({ type }) => type)).toEqual(expected.map(() => 'lifecycle'));
  });

  it('is pretty', async () => {
    const client = await monitor('--pretty');
    await publish(freshSamples());
    await until(() => /Action: +\S+|instance-started/.test(client.stdout), { what: 'a line' });
    expect(client.stdout).not.toContain('{"type"');
  });
});
