import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { type OwnStandalone, startOwnStandalone } from '../../harness/own-standalone.js';
import { REPOSITORY } from '../../harness/repository.js';
import { until } from '../../harness/until.js';
import { REFUSED_COMMANDS } from './refused-commands.js';
import { SeverableProxy } from './severable-proxy.js';
import { TidingsProgram } from './tidings-program.js';

const LXD_SAMPLES = readFileSync(join(REPOSITORY, 'test/samples/lxd-events.ndjson'), 'utf8');
const LXD_COUNT = LXD_SAMPLES.trim().split('\n').length;
const PROJECT = (key: string): string => JSON.stringify({ project_key: key, username: 'aino' });

let standalone: OwnStandalone;
let tidings: TidingsProgram;
let connectorFile: string;

beforeAll(async () => {
  connectorFile = join(temporaryFolder(), 'connectors.json');
  const connectors = [{ kind: 'cds-hook', name: 'forge', secret: 'a-path-that-nobody-guesses' }];
  writeFileSync(connectorFile, JSON.stringify({ connectors }));
  standalone = await startOwnStandalone({ TIDINGS_CONNECTORS: connectorFile });
  tidings = new TidingsProgram({ TIDINGS_URL: standalone.app.url, TIDINGS_TOKEN: standalone.token });
});

afterAll(async () => {
  await standalone.stop();
  rmSync(dirname(connectorFile), { recursive: true });
});

/** Publishes a project of CDS, and waits until it can be asked for. @returns its uuid */
async function publishProject(key: string): Promise<string> {
  const uuid = await tidings.printed(['publish', 'ProjectCreated', '--data', PROJECT(key)]);
  const headers = { authorization: `Bearer ${standalone.token}` };
  await until(async () => (await fetch(`${standalone.app.url}/api/events/${uuid}/`, { headers })).ok);
  return uuid;
}

describe('tidings publish and tidings events', () => {
  it('publishes what a system sends, prints an id a line, and counts what is stored', async () => {
    const ids = (await tidings.printed(['publish', '--native', 'lxd', '--site', 'rack1'], LXD_SAMPLES)).split('\n');
    expect(new Set(ids).size).toBe(LXD_COUNT);
    await until(async () => (await tidings.printed(['events', 'count', '--site', 'rack1'])) === String(LXD_COUNT));
    const shown = JSON.parse(await tidings.printed(['events', 'show', ids[0] ?? '', '--json'])) as object;
    expect(shown).toMatchObject({ uuid: ids[0], system: 'lxd', site: 'rack1', cloudevent: { source: '/lxd/rack1' } });
  });

  it('publishes a payload by the name of its type, and shows the event in every format', async () => {
    const uuid = await publishProject('FORMATS');
    const list = ['events', '--search', 'FORMATS', '--format'];
    expect(JSON.parse(await tidings.printed([...list, 'json']))).toMatchObject([
      { uuid, type: 'com.ovh.cds.ProjectCreated', source: '/cds/main', context: { project_key: 'FORMATS' } },
    ]);
    expect(JSON.parse(await tidings.printed([...list, 'ndjson']))).toMatchObject({ uuid });
    expect(await tidings.printed([...list, 'yaml'])).toContain(`uuid: ${uuid}`);
    expect((await tidings.printed([...list, 'csv'])).split('\r\n')[1]).toMatch(new RegExp(`^${uuid},`));
    const [head, row, ...more] = (await tidings.printed([...list, 'table'])).split('\n');
    expect(head).toMatch(/^CREATED +SYSTEM +EVENT TYPE +MESSAGE +UUID$/);
    expect(row).toContain(`Project FORMATS was created by aino.`);
    expect(row).toContain(uuid);
    expect(more).toEqual([]);
    expect(JSON.parse(await tidings.printed([...list, 'cloudevents']))).toMatchObject({
      specversion: '1.0',
      data: { project_key: 'FORMATS' },
    });
  });

  it('pages through more than a page has, in the order that is asked for, and excludes', async () => {
    const lines = [...Array(350).keys()].map((at) => PROJECT(`MANY${at}`)).join('\n');
    const ids = (await tidings.printed(['publish', 'ProjectCreated', '--site', 'many'], lines)).split('\n');
    expect(new Set(ids).size).toBe(350);
    await until(async () => (await tidings.printed(['events', 'count', '--site', 'many'])) === '350');
    const all = ['events', '--site', 'many', '--limit', 'all', '--format', 'ndjson', '--field', 'uuid'];
    const listed = (await tidings.printed([...all, '--oldest-first'])).split('\n');
    expect(listed.map((text) => (JSON.parse(text) as { uuid: string }).uuid).toSorted()).toEqual(ids.toSorted());
    expect((await tidings.printed(all)).split('\n')).toEqual(listed.toReversed());
    expect(await tidings.printed(['events', 'count', '--site', 'many', '--not-system', 'cds'])).toBe('0');
    expect(await tidings.printed(['events', 'count', '--filter', 'site=many', '--since', '1h'])).toBe('350');
  });

  it('takes its own export again, and stores nothing twice', async () => {
    const before = await tidings.printed(['events', 'count']);
    const { code, stdout } = await tidings.shell('tidings events -n 50 --format cloudevents | tidings publish | wc -l');
    expect([code, stdout.trim()]).toEqual([0, '50']);
    const marker = await publishProject('AFTER-EXPORT');
    expect(marker).not.toBe('');
    expect(await tidings.printed(['events', 'count'])).toBe(String(Number(before) + 1));
  });

  it('publishes from a file, whether one document, an array or lines', async () => {
    const file = join(standalone.folder, 'payloads.json');
    for (const text of [
      JSON.stringify(JSON.parse(PROJECT('F1')), null, 2),
      `[${PROJECT('F2')},\n${PROJECT('F3')}]`,
      `${PROJECT('F4')}\n\n${PROJECT('F5')}`,
    ]) {
      writeFileSync(file, text);
      await tidings.printed(['publish', 'ProjectCreated', '--site', 'files', '--file', file]);
    }
    await until(async () => (await tidings.printed(['events', 'count', '--site', 'files'])) === '5');
  });

  it('keeps numbers that a double cannot hold', async () => {
    const data = '{"project_key":"EXACT","username":"aino","extra":12345678901234567890}';
    const uuid = await tidings.printed(['publish', 'ProjectCreated', '--data', data]);
    const shown = await until(async () => {
      const { code, stdout } = await tidings.run(['events', 'show', uuid, '--json']);
      return code === 0 ? stdout : undefined;
    });
    expect(shown).toContain('"extra": 12345678901234567890');
  });

  it('says which of a batch were not accepted, and why', async () => {
    const { code, stdout, stderr } = await tidings.run(
      ['publish', 'ProjectCreated', '--site', 'batch'],
      `${PROJECT('GOOD')}\n{"username":"aino"}\n`,
    );
    expect(code).toBe(1);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('event 2 was rejected: data.project_key: is required');
    expect(stderr).toContain('1 of 2 events were not accepted');
  });
});

describe('tidings tail', () => {
  it('prints what is stored, in lines, in JSON and as YAML documents', async () => {
    const uuid = await publishProject('TAILED');
    const tail = ['tail', '--search', 'TAILED', '--since', '1h', '--limit', '1'];
    expect(await tidings.printed(tail)).toMatch(
      /^time=\S+ level=info msg="Project TAILED was created by aino." type=com.ovh.cds.ProjectCreated source=\/cds\/main/,
    );
    expect(JSON.parse(await tidings.printed([...tail, '--json']))).toMatchObject({ data: { project_key: 'TAILED' } });
    expect(await tidings.printed([...tail, '--format', 'yaml'])).toContain('project_key: TAILED');
    expect(uuid).toHaveLength(32);
  });

  it("says LXD's events in LXD's words", async () => {
    const tail = ['tail', '--site', 'rack1', '--type', 'instance-created', '--since', '0', '--limit', '1'];
    await tidings.printed(['publish', '--native', 'lxd', '--site', 'rack1'], LXD_SAMPLES);
    expect(await tidings.printed([...tail, '--native'])).toMatch(
      /level=info msg="Action: instance-created, Source: \/1.0\/instances\/web-\d, Requestor: unix\/root \(@\)"/,
    );
    expect(await tidings.printed(tail)).toMatch(/level=info msg="Instance web-\d was created/);
    expect(JSON.parse(await tidings.printed([...tail, '--native', '--json']))).toMatchObject({
      type: 'lifecycle',
      metadata: { action: 'instance-created' },
      project: 'default',
    });
  });

  it('means by --since what lists mean: when an event happened, not when it was stored', async () => {
    const key = 'LONG-AGO';
    await tidings.printed(['publish', 'ProjectCreated', '--time', '2026-01-02T03:04:05Z', '--data', PROJECT(key)]);
    const uuid = await publishProject('JUST-NOW');
    expect(uuid).toHaveLength(32);
    await until(async () => (await tidings.printed(['events', 'count', '--search', key])) === '1');
    expect(await tidings.printed(['events', 'count', '--search', key, '--since', '1h'])).toBe('0');
    const tailed = await tidings.printed([
      'tail',
      '--type',
      'ProjectCreated',
      '--since',
      '1h',
      '--limit',
      '1',
      '--json',
    ]);
    expect(tailed).not.toContain(key);
    const older = await tidings.printed(['tail', '--search', key, '--since', '2026-01-01', '--limit', '1']);
    expect(older).toContain(key);
  });

  it('goes on behind the last event when the connection was cut, before there was any event, too', async () => {
    const proxy = await SeverableProxy.open(standalone.app.url);
    const tail = tidings.watch(['tail', '--search', 'CUT', '--json'], { TIDINGS_URL: proxy.url });
    const keys = (): string[] =>
      tail.documents<{ data: { project_key: string } }>().map(({ data }) => data.project_key);
    try {
      await until(() => proxy.said.includes('\nid: '), { what: 'the stream to say where it is' });
      proxy.cut();
      await publishProject('CUT-1');
      proxy.mend();
      await until(() => keys().length === 1, { what: 'what was stored while the connection was cut' });
      proxy.cut();
      await publishProject('CUT-2');
      proxy.mend();
      await publishProject('CUT-3');
      await until(() => keys().length >= 3);
      expect(keys()).toEqual(['CUT-1', 'CUT-2', 'CUT-3']);
      expect(tail.stderr).toMatch(/Connection lost \(.+\); retrying in \d/);
      expect(tail.stderr).toContain('Reconnected.');
    } finally {
      await tail.stop();
      await proxy.close();
    }
  });

  it('follows a list: the newest first of all, then what is stored, none of them twice', async () => {
    await publishProject('FOLLOW-1');
    await publishProject('FOLLOW-2');
    const list = tidings.watch(['events', '--follow', '--search', 'FOLLOW', '--format', 'ndjson', '-n', '1']);
    const messages = (): string[] => list.documents<{ message: string }>().map(({ message }) => message);
    try {
      await until(() => messages().length === 1);
      await publishProject('FOLLOW-3');
      await until(() => messages().length === 2);
      expect(messages()).toEqual([2, 3].map((at) => `Project FOLLOW-${at} was created by aino.`));
    } finally {
      await list.stop();
    }
  });

  it('ends by Ctrl-C as a program that was interrupted, without a word', async () => {
    const { code, stdout, stderr } = await tidings.shell(
      'timeout --preserve-status -s INT 3 "$NODE" "$PROGRAM" tail --search NOTHING; echo "ended with $?"',
    );
    expect([code, stdout.trim(), stderr]).toEqual([0, 'ended with 130', '']);
  });
});

describe('exit codes and errors', () => {
  it.concurrent.each(REFUSED_COMMANDS)('%s', async (_what, args, code, said) => {
    const result = await tidings.run(args);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toContain(said);
    expect(result.stderr).not.toContain(standalone.token);
  });

  it('what a token may not do', async () => {
    const reader = await tidings.printed([
      'tokens',
      'create',
      'a reader',
      '--permission',
      'events:read',
      '--scope',
      'lxd:*',
    ]);
    const may = await tidings.run(['events', 'count', '--token', reader]);
    expect(may.code).toBe(0);
    const mayNot = await tidings.run(['tokens', '--token', reader]);
    expect([mayNot.code, mayNot.stdout]).toEqual([3, '']);
    expect(mayNot.stderr).toContain('tidings doctor');
    await tidings.printed(['tokens', 'revoke', 'a reader', '--force']);
    await until(async () => (await tidings.run(['events', 'count', '--token', reader])).code === 3);
  });

  it('survives whoever reads no more', async () => {
    const line = 'set -o pipefail; tidings catalogue --format json | head -n 1';
    const { code, stdout, stderr } = await tidings.shell(line);
    expect([code, stdout, stderr]).toEqual([0, '[\n', '']);
  });

  it('has colours only where they are asked for', async () => {
    const escape = '\u001b[';
    expect(await tidings.printed(['sources'])).not.toContain(escape);
    const forced = await tidings.run(['sources'], '', { FORCE_COLOR: '1' });
    expect(forced.stdout).toContain(escape);
    const forbidden = await tidings.run(['sources'], '', { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(forbidden.stdout).not.toContain(escape);
  });
});

describe('the server that was started here', () => {
  it('is found with its token from a folder below that of .tidings', async () => {
    const clone = join(standalone.folder, 'clone');
    const below = join(clone, 'apps', 'cli');
    mkdirSync(below, { recursive: true });
    mkdirSync(join(clone, '.tidings'));
    writeFileSync(join(clone, '.tidings', 'server-url'), readFileSync(join(standalone.folder, 'server-url')));
    writeFileSync(join(clone, '.tidings', 'admin-token'), standalone.token);
    const { code, stdout } = await tidings.run(
      ['doctor', '--json'],
      '',
      { TIDINGS_URL: undefined, TIDINGS_TOKEN: undefined },
      below,
    );
    expect(code).toBe(0);
    expect(stdout).toContain(`${standalone.app.url} answers`);
    expect(stdout).toContain(join(clone, '.tidings', 'admin-token'));
  });
});

describe('administration', () => {
  let sink: Server;
  const told: string[] = [];

  beforeAll(async () => {
    sink = createServer((request, response) => {
      request.on('data', (chunk) => told.push(String(chunk)));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => {
    sink.closeAllConnections();
    sink.close();
  });

  it('tells a web hook of events, by names alone, and says what became of it', async () => {
    const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
    await tidings.printed(['sources', 'enable', 'cds']);
    const topic = await tidings.printed([
      'topics',
      'create',
      'projects',
      '--source',
      'cds',
      '--filter',
      '$.data.project_key == "TOLD"',
    ]);
    await tidings.printed(['destinations', 'create', 'on-call', '--webhook', url]);
    await tidings.printed(['subscriptions', 'create', 'tell', '--topic', 'projects', '--destination', 'on-call']);
    expect(await tidings.printed(['topics'])).toContain(topic);
    expect(await tidings.printed(['subscriptions'])).toMatch(/tell +projects +on-call +webhook/);
    await publishProject('UNTOLD');
    await publishProject('TOLD');
    await until(() => told.length > 0);
    expect(told.map((text) => (JSON.parse(text) as { data: object }).data)).toMatchObject([{ project_key: 'TOLD' }]);
    const delivered = ['deliveries', '--state', 'delivered', '--destination', 'on-call', '--json'];
    const [delivery] = await until(async () => {
      const all = JSON.parse(await tidings.printed(delivered)) as { id: string }[];
      return all.length === 1 ? all : undefined;
    });
    expect(await tidings.printed(['deliveries', 'attempts', delivery?.id ?? ''])).toMatch(/1 .*delivered +200/);
    const routing = await tidings.printed(['events', 'routing', (await publishProject('TOLD')).slice(0, 32), '--json']);
    expect(JSON.parse(routing)).toMatchObject({ topics: [{ name: 'projects', matches: true }] });
    expect(await tidings.printed(['destinations', 'test', 'on-call'])).toMatch(/^delivered, 200, \d+ ms$/);
    await tidings.printed(['destinations', 'update', 'on-call', '--webhook', 'http://127.0.0.1:9/']);
    const failed = await tidings.run(['destinations', 'test', 'on-call']);
    expect([failed.code, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toMatch(/^error: not delivered, ECONNREFUSED/);
    await tidings.printed(['sources', 'disable', 'CDS']);
    expect(await tidings.printed(['sources'])).toMatch(/CDS +no/);
    const missing = await tidings.run(['topics', 'show', 'project']);
    expect([missing.code, missing.stderr]).toEqual([4, expect.stringContaining('There are: projects')]);
  });

  it('changes topics and subscriptions, and leaves what is not named as it is', async () => {
    const member = async (kind: string, name: string): Promise<Record<string, unknown>> =>
      JSON.parse(await tidings.printed([kind, 'show', name, '--json'])) as Record<string, unknown>;
    const filter = '$.data.project_key == "OTHER"';
    await tidings.printed(['topics', 'update', 'projects', '--filter', filter]);
    expect(await member('topics', 'projects')).toMatchObject({
      sources: [{ name: 'CDS', rules: [{ notification_filter: filter }] }],
    });
    await tidings.printed(['subscriptions', 'update', 'tell', '--name', 'alerts', '--filter', filter]);
    expect(await member('subscriptions', 'alerts')).toMatchObject({ topic_name: 'projects', filter });
    expect((await tidings.run(['topics', 'update', 'projects'])).stderr).toContain('Nothing to change');
  });

  it('names what a deletion takes along, and does it only when it is forced where nobody can be asked', async () => {
    for (const [kind, name] of [
      ['topics', 'projects'],
      ['destinations', 'on-call'],
    ] as const) {
      const { code, stderr } = await tidings.run([kind, 'delete', name]);
      expect(code).toBe(2);
      expect(stderr).toContain(`the ${kind.slice(0, -1)} ${name}, and with it the subscription alerts`);
    }
    expect(await tidings.printed(['subscriptions'])).toContain('alerts');
    await tidings.printed(['topics', 'delete', 'projects', '--force']);
    expect((await tidings.run(['subscriptions'])).stderr).toContain('There are no subscriptions.');
    expect(await tidings.printed(['audit', '--action', 'topic.delete'])).toContain('projects');
  });

  it('checks filters, and points at what is wrong in one', async () => {
    expect(await tidings.printed(['filters', 'validate', '$.type =~ "Project"'])).toContain('valid: true');
    const { code, stderr } = await tidings.run(['filters', 'validate', '$.type =~~ "x"']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\$\.type =~~ "x"\n +\^/);
    const tested = await tidings.run(['filters', 'test', '$.type =~ "Project"', '--last', '10']);
    expect(tested.stderr).toMatch(/\d+ of 10 events match\./);
  });

  it('keeps templates as text, and signing secrets to be seen once', async () => {
    await tidings.printed(['templates', 'create', 'short', '--body', '{{type}} ä']);
    await tidings.printed(['templates', 'update', 'short', '--description', 'one line']);
    expect(await tidings.printed(['templates', 'show', 'short'])).toContain('body: "{{type}} ä"');
    expect(await tidings.printed(['destinations', 'signing-secret', 'on-call'])).toMatch(/^whsec_\S+$/);
  });

  it('counts by time, and exports all that matches to a file', async () => {
    const days = await tidings.printed(['events', 'histogram', '--since', '1h', '--by', 'system']);
    expect(days).toMatch(/^DAY +EVENTS +.*CDS/);
    const file = join(standalone.folder, 'export.csv');
    await tidings.printed(['events', 'export', '--format', 'csv', '--field', 'type,created', '--output', file]);
    const count = Number(await tidings.printed(['events', 'count']));
    expect(readFileSync(file, 'utf8').trim().split(/\r?\n/)).toHaveLength(count + 1);
  });

  it('has instances apart from each other, and deletes one with all that is in it', async () => {
    await tidings.printed(['instances', 'create', 'team-a', '--scope', 'lxd:*']);
    await tidings.printed(['topics', 'create', 'theirs', '--source', 'lxd', '--instance', 'team-a']);
    const { code, stderr } = await tidings.run(['instances', 'delete', 'team-a']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('the instance team-a with 1 topic, 0 destinations')]);
    await tidings.printed(['instances', 'delete', 'team-a', '--force']);
    expect(await tidings.printed(['instances'])).not.toContain('team-a');
  });

  it('completes names that only the server knows', async () => {
    const complete = (...words: string[]) => tidings.printed(['completion', '--for', '--', ...words]);
    expect(await complete('publish', 'ProjectC')).toBe('ProjectCreated');
    expect(await complete('sources', 'enable', 'L')).toBe('LXD');
    expect(await complete('events', '--system', 'wal')).toBe('waldur');
  });

  it('lists dead letters, shows one, and sends it again repaired', async () => {
    const { code } = await tidings.run(['publish', '--native', 'lxd', '--data', '{"broken":true}']);
    expect(code).toBe(1);
    const list = ['dead-letters', 'list', '--not-retried', '--json'];
    const [letter] = await until(async () => {
      const letters = JSON.parse(await tidings.printed(list)) as { id: number }[];
      return letters.length === 1 ? letters : undefined;
    });
    const id = String(letter?.id);
    expect(await tidings.printed(['dead-letters', 'show', id])).toContain('{"broken":true}');
    const file = join(standalone.folder, 'repaired.json');
    const metadata = { action: 'instance-created', source: '/1.0/instances/repaired' };
    writeFileSync(file, JSON.stringify({ type: 'lifecycle', timestamp: '2026-11-02T10:42:20Z', metadata }));
    await tidings.printed(['dead-letters', 'retry', id, '--file', file]);
    const subject = ['events', 'count', '--subject', '/1.0/instances/repaired'];
    await until(async () => (await tidings.printed(subject)) === '1');
  });

  it('shows connectors without their secrets, and lets one rest', async () => {
    expect(await tidings.printed(['connectors'])).toMatch(/^forge +cds-hook +\/cds\/forge /m);
    expect(await tidings.printed(['connectors', 'pause', 'forge'])).toBe('paused');
    const shown = await tidings.printed(['connectors', 'show', 'forge']);
    expect(shown).toContain('state: paused');
    expect(shown).not.toContain('a-path-that-nobody-guesses');
    expect(await tidings.printed(['connectors', 'resume', 'forge'])).not.toBe('paused');
    expect((await tidings.run(['connectors', 'show', 'smithy'])).code).toBe(4);
  });

  it('says what the catalogue has', async () => {
    expect(await tidings.printed(['catalogue', '--search', 'ProjectCreated'])).toContain('com.ovh.cds.ProjectCreated');
    const example = await tidings.printed(['catalogue', 'show', 'ProjectCreated', '--example']);
    expect(await tidings.printed(['publish', 'ProjectCreated'], example)).toHaveLength(32);
    expect(await tidings.printed(['catalogue', 'groups', '--system', 'lxd'])).toContain('instance-created');
  });

  it('finds everything in order, and says what is not', async () => {
    const good = await tidings.run(['doctor', '--json']);
    const findings = JSON.parse(good.stdout) as { state: string; what: string; found: string }[];
    expect(findings.filter(({ what }) => what !== 'Java').filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.find(({ what }) => what === 'permissions')?.found).toContain('notifications:admin');
    expect(good.stdout).not.toContain(standalone.token);
    const bad = await tidings.run(['doctor', '--token', 'nobodys']);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^fail +token +the one from --token is unknown\n +fix:/m);
  });
});
