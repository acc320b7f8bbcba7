import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type OwnStandalone, startOwnStandalone } from '../harness/own-standalone.js';
import { runProgram } from '../harness/program.js';
import { until } from '../harness/until.js';
import type { WatchedProgram } from '../harness/watched-program.js';
import { TidingsProgram } from '../integration/cli/tidings-program.js';

interface SeenEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
}

const CREATED = 'com.ibm.cloud.resource-lifecycle-events.instance:create';

let standalone: OwnStandalone;
let tidings: TidingsProgram;
let hook: Server;
let tail: WatchedProgram;
const hooked: SeenEvent[] = [];

beforeAll(async () => {
  standalone = await startOwnStandalone();
  tidings = new TidingsProgram({ TIDINGS_URL: standalone.app.url, TIDINGS_TOKEN: standalone.token });
  hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      hooked.push(JSON.parse(body) as SeenEvent);
      response.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  tail = tidings.watch(['tail', '--json', '--since', '2026-11-01T00:00:00Z']);
});

afterAll(async () => {
  await tail.stop();
  hook.closeAllConnections();
  hook.close();
  await standalone.stop();
});

/** One curl, as somebody would type it. @returns the JSON that it is answered */
async function curl(path: string, body?: object): Promise<unknown> {
  const post = body === undefined ? [] : ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  const authorization = `Authorization: Bearer ${standalone.token}`;
  const { code, stdout, stderr } = await runProgram('curl', [
    ...['-sS', '--fail-with-body', '-H', authorization, ...post],
    standalone.app.url + path,
  ]);
  if (code !== 0) throw new Error(`curl ${path} ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

/** Has the events of a source told to the hook, as README.md says. */
async function tellHookOf(source: string): Promise<void> {
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  await tidings.printed(['sources', 'enable', source]);
  await tidings.printed(['topics', 'create', `all of ${source}`, '--source', source]);
  await tidings.printed(['destinations', 'create', `hook of ${source}`, '--webhook', url]);
  await tidings.printed([
    ...['subscriptions', 'create', `tell of ${source}`],
    ...['--topic', `all of ${source}`, '--destination', `hook of ${source}`],
  ]);
}

const inTail = (type: string): SeenEvent[] => tail.documents<SeenEvent>().filter((event) => event.type === type);
const atHook = (type: string): SeenEvent[] => hooked.filter((event) => event.type === type);

/** What the query API has of a type. */
async function stored(type: string): Promise<SeenEvent[]> {
  return (await curl(`/api/events/?type=${encodeURIComponent(type)}&field=id&field=type&field=source`)) as SeenEvent[];
}

describe('one curl', () => {
  it('to the resource controller is seen in `tidings tail`, in /api/events/, and at a web hook of its source', async () => {
    await tellHookOf('ibm');
    await curl('/v2/resource_instances', { name: 'seen by all', resource_plan_id: 'apprapp-standard' });
    await until(() => inTail(CREATED).length > 0 && atHook(CREATED).length > 0, { what: 'the instance to be told of' });
    const [event] = await stored(CREATED);
    expect(event).toMatchObject({ type: CREATED });
    expect(inTail(CREATED).map(({ id, source }) => ({ id, source }))).toEqual([
      { id: event?.id, source: event?.source },
    ]);
    expect(atHook(CREATED).map(({ id, source }) => ({ id, source }))).toEqual([
      { id: event?.id, source: event?.source },
    ]);
  });

  it("of an LXD is seen in LXD's own stream, too, in the words that it came in", async () => {
    await tellHookOf('lxd');
    const monitor = new WebSocket(`${standalone.app.url.replace('http', 'ws')}/1.0/events?all-projects=true`, {
      headers: { authorization: `Bearer ${standalone.token}` },
    });
    const monitored: unknown[] = [];
    monitor.on('message', (data: Buffer) => monitored.push(JSON.parse(data.toString('utf8'))));
    try {
      await new Promise((resolve, reject) => monitor.once('open', resolve).once('error', reject));
      const metadata = { action: 'instance-started', source: '/1.0/instances/seen' };
      const native = { type: 'lifecycle', timestamp: '2026-11-02T10:42:20.922957180Z', metadata, project: 'default' };
      await curl('/v1/ingest/lxd?site=rack1', native);
      const type = 'com.canonical.lxd.lifecycle.instance-started';
      await until(() => monitored.length > 0 && inTail(type).length > 0 && atHook(type).length > 0);
      expect(monitored).toEqual([native]);
      const [event] = await stored(type);
      expect(inTail(type).map(({ id }) => id)).toEqual([event?.id]);
      expect(atHook(type).map(({ id }) => id)).toEqual([event?.id]);
      const line = ['tail', '--since', '2026-11-02T00:00:00Z', '--limit', '1', '--system', 'lxd', '--native', '--json'];
      expect(JSON.parse(await tidings.printed(line))).toEqual(native);
    } finally {
      monitor.terminate();
    }
  });
});
