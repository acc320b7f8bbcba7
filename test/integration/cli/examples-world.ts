import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { generate } from 'selfsigned';
import { temporaryFolder } from '../../harness/embedded-servers.js';
import { type OwnStandalone, startOwnStandalone } from '../../harness/own-standalone.js';
import type { ProgramResult } from '../../harness/program.js';
import { REPOSITORY } from '../../harness/repository.js';
import { installShopPackage, type TeamPackage } from '../../harness/team-package.js';
import { until } from '../../harness/until.js';
import { TidingsProgram } from './tidings-program.js';

/** More than there are examples that use one up. */
const DEAD_LETTERS = 8;

/** The delivery of the examples. */
const DELIVERY = '0b0e2a4e-6f0f-4f0c-9c39-0d8b8e1a4f5d';

/** What the examples speak of, as they leave it: each is created again before the next example. */
const NAMED: readonly (readonly [name: string, list: string, create: readonly string[]])[] = [
  ['failures', 'topics', ['topics', 'create', 'failures', '--source', 'waldur,cds']],
  ['short', 'templates', ['templates', 'create', 'short', '--body', '{{type}}']],
  ['team-a', 'instances', ['instances', 'create', 'team-a', '--scope', 'lxd:*']],
  ['a reader', 'tokens', ['tokens', 'create', 'a reader', '--permission', 'events:read', '--scope', '*']],
];

/** A Tidings with everything in it that the examples of `--help` name, and a folder with their files. */
export class ExamplesWorld {
  readonly tidings: TidingsProgram;
  private deadLetters: readonly string[] = [];
  private eventId = '';
  private deliveryId = '';

  private constructor(
    private readonly standalone: OwnStandalone,
    private readonly shop: TeamPackage,
    private readonly sink: Server,
    private readonly connectors: string,
  ) {
    const env = { TIDINGS_URL: standalone.app.url, TIDINGS_TOKEN: standalone.token, HOME: shop.home };
    this.tidings = new TidingsProgram(env);
  }

  static async open(): Promise<ExamplesWorld> {
    const connectors = join(temporaryFolder(), 'connectors.json');
    const hook = { kind: 'cds-hook', name: 'rack1', secret: 'a-path-that-nobody-guesses' };
    writeFileSync(connectors, JSON.stringify({ connectors: [hook] }));
    const sink = createServer((request, response) => void request.resume().on('end', () => response.end()));
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const standalone = await startOwnStandalone({ TIDINGS_CONNECTORS: connectors });
    const world = new ExamplesWorld(standalone, await installShopPackage(), sink, connectors);
    await world.makeFiles();
    await world.makeEvents();
    await world.restore();
    return world;
  }

  /** Runs an example as somebody would paste it, with the ids of this world in place of those of the page. */
  async run(example: string): Promise<ProgramResult> {
    await this.clear(example);
    if (example.includes(DELIVERY)) this.deliveryId = await this.deliver();
    // No browser is opened here, nor is there one everywhere.
    const shell = `set -o pipefail; xdg-open() { test -n "$1"; }\n${this.here(example)}`;
    const result = await this.tidings.shell(shell, this.shop.home);
    if (/ (create|delete|update|revoke) /.test(example)) await this.restore();
    return result;
  }

  async close(): Promise<void> {
    await this.standalone.stop();
    this.sink.closeAllConnections();
    this.sink.close();
    this.shop.remove();
    rmSync(dirname(this.connectors), { recursive: true });
  }

  private here(example: string): string {
    return example
      .replaceAll('8065f48ea64784c0bad97d3ff693d03f', this.eventId)
      .replaceAll(DELIVERY, this.deliveryId)
      .replaceAll(/https:\/\/(other|tidings)\.example/g, this.standalone.app.url)
      .replace(/(dead-letters \w+) 7\b/, (_, command: string) => `${command} ${this.nextDeadLetter()}`)
      .replace(/^eval "\$\((tidings completion zsh)\)"/, '$1 >/dev/null');
  }

  private nextDeadLetter(): string {
    const [next = '', ...others] = this.deadLetters;
    this.deadLetters = [...others, next];
    return next;
  }

  /** Takes away what an example is about to create. */
  private async clear(example: string): Promise<void> {
    const [, plural, quoted, bare] = /\btidings (\w+) create (?:["']([^"']+)["']|(\S+))/.exec(example) ?? [];
    if (plural === undefined || plural === 'tokens') return;
    await this.tidings.run([plural, 'delete', quoted ?? bare ?? '', '--force']);
  }

  /** Creates what an example may have taken away, and takes away what it made twice. */
  private async restore(): Promise<void> {
    for (const [name, plural, create] of NAMED) {
      const found = (await this.listed(plural)).filter((one) => one['name'] === name);
      for (const { id } of found.slice(1)) await this.tidings.printed([plural, 'revoke', String(id), '--force']);
      if (found.length === 0) await this.tidings.printed(create);
    }
    const url = `http://127.0.0.1:${(this.sink.address() as AddressInfo).port}/`;
    const has = async (plural: string, name: string): Promise<boolean> =>
      (await this.listed(plural)).some((one) => one['name'] === name);
    const verb = (await has('destinations', 'on-call')) ? 'update' : 'create';
    await this.tidings.printed(['destinations', verb, 'on-call', '--webhook', url]);
    if (!(await has('subscriptions', 'alerts'))) {
      await this.tidings.printed([
        'subscriptions',
        'create',
        'alerts',
        '--topic',
        'failures',
        '--destination',
        'on-call',
      ]);
    }
  }

  private async listed(plural: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const instances = '/event-notifications/v1/instances';
    const path =
      { tokens: '/api/tokens/?active=true&page_size=100', instances }[plural] ?? `${instances}/default/${plural}`;
    const headers = { authorization: `Bearer ${this.standalone.token}` };
    const answer: unknown = await (await fetch(`${this.standalone.app.url}${path}`, { headers })).json();
    return (Array.isArray(answer) ? answer : (answer as Record<string, unknown>)[plural]) as [];
  }

  private async makeFiles(): Promise<void> {
    const { home, folder } = this.shop;
    symlinkSync(folder, join(home, 'my-events'));
    symlinkSync(folder, join(home, 'dist'));
    symlinkSync(folder, join(home, 'node_modules', '@acme', 'events'));
    mkdirSync(join(home, 'test'));
    symlinkSync(join(REPOSITORY, 'test', 'samples'), join(home, 'test', 'samples'));
    mkdirSync(join(home, '.config', 'fish', 'completions'), { recursive: true });
    const { cert } = await generate([{ name: 'commonName', value: 'aino' }], { keyType: 'ec', algorithm: 'sha256' });
    writeFileSync(join(home, 'client.crt'), cert);
    const [repaired = ''] = readFileSync(join(REPOSITORY, 'test/samples/lxd-events.ndjson'), 'utf8').split('\n');
    writeFileSync(join(home, 'repaired.json'), repaired);
    await this.tidings.shell('tidings catalogue snapshot ./my-events > my-events.json', home);
    await this.tidings.shell('tidings catalogue show instance-created --example > payload.json', home);
  }

  private async makeEvents(): Promise<void> {
    const samples = readFileSync(join(REPOSITORY, 'test/samples/lxd-events.ndjson'), 'utf8');
    const [id = ''] = (await this.tidings.printed(['publish', '--native', 'lxd'], samples)).split('\n');
    this.eventId = id;
    const broken = [...Array(DEAD_LETTERS).keys()].map((at) => JSON.stringify({ broken: at })).join('\n');
    await this.tidings.run(['publish', '--native', 'lxd'], broken);
    const list = ['dead-letters', 'list', '--limit', 'all', '--json'];
    this.deadLetters = await until(async () => {
      const letters = JSON.parse(await this.tidings.printed(list)) as { id: number }[];
      return letters.length === DEAD_LETTERS ? letters.map((letter) => String(letter.id)) : undefined;
    });
    await until(async () => (await this.tidings.run(['events', 'show', id])).code === 0);
    await this.restore();
  }

  /** Has an event delivered to the subscription of the examples. @returns the id of the delivery */
  private async deliver(): Promise<string> {
    await this.tidings.printed(['sources', 'enable', 'cds']);
    const data = '{"project_key": "TOLD", "username": "aino"}';
    await this.tidings.printed(['publish', 'ProjectCreated', '--data', data]);
    const list = ['deliveries', '--subscription', 'alerts', '--state', 'delivered', '--json'];
    return until(async () => (JSON.parse(await this.tidings.printed(list)) as { id: string }[])[0]?.id);
  }
}
