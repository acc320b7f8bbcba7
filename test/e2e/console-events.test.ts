import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults, hasBrowser, keepScreenshot } from '../harness/console-browser.js';
import { REPOSITORY } from '../harness/repository.js';
import { until } from '../harness/until.js';
import { ConsoleWorld, LOOKS } from './console-world.js';

/** An event as somebody might send it who wants to do harm. */
const HOSTILE = '<img src=x onerror=alert(1)>\u202Egnirts';

let world: ConsoleWorld;

beforeAll(async () => {
  if (!hasBrowser) return;
  world = await ConsoleWorld.start();
  await world.setLxd(true);
  await world.tellThePager("$.data.project == 'build'");
  await world.sendSamples();
});
afterAll(async () => {
  if (hasBrowser) await world.stop();
});

describe.skipIf(!hasBrowser)('the events', () => {
  afterEach(async () => {
    expect(await world.browser.settle()).toEqual([]);
  });

  it('are listed, in every look', async () => {
    for (const look of LOOKS) {
      const page = await world.browser.open('/console/events?system=cds', world.admin, look);
      await page.getByText('33 events', { exact: true }).waitFor();
      await keepScreenshot(page, `events-full-${look.width}-${look.colorScheme}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  });

  it('are found under an address, as many as the API counts', async () => {
    const page = await world.browser.open('/console/events?system=lxd&event_type=instance-created', world.admin);
    const count = await world.count('?system=lxd&event_type=instance-created');
    await page.getByText(counted(count), { exact: true }).waitFor();
    expect(await page.getByRole('row').count()).toBe(count + 1);
    await page.getByRole('button', { name: 'Remove the filter event_type instance-created' }).click();
    await page.getByText('38 events', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('failed');
    await page.getByText(counted(await world.count('?system=lxd&outcome=failed')), { exact: true }).waitFor();
    expect(page.url()).toMatch(/\/console\/events\?system=lxd&outcome=failed$/);
  });

  it('that have come since are told, and shown when they are wanted', async () => {
    const page = await world.browser.open('/console/events?site=fresh', world.admin);
    await page.getByRole('heading', { name: 'No events match' }).waitFor();
    const event = { type: 'lifecycle', timestamp: '2026-11-02T12:00:00Z', project: 'default' };
    const started = JSON.stringify({
      ...event,
      metadata: { action: 'instance-started', source: '/1.0/instances/one' },
    });
    const stopped = JSON.stringify({
      ...event,
      metadata: { action: 'instance-stopped', source: '/1.0/instances/one' },
    });
    await world.send('lxd?site=fresh', started);
    await until(async () => (await world.count('?site=fresh')) === 1);
    const list = await world.browser.open('/console/events?site=fresh', world.admin);
    await list.getByText('1 event', { exact: true }).waitFor();
    await world.send('lxd?site=fresh', stopped);
    await list.getByRole('button', { name: 'Show 1 new event' }).click();
    await list.getByText('2 events', { exact: true }).waitFor();
  });

  it('are narrowed by what a row has, and by a text', async () => {
    const page = await world.browser.open('/console/events', world.admin);
    await page.getByRole('searchbox', { name: 'Text in message or context' }).fill('GENOME');
    await page.keyboard.press('Enter');
    await page.getByText(counted(await world.count('?q=GENOME')), { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Only events with system cds' }).first().click({ force: true });
    await until(() => page.url().includes('system=cds'));
  });

  it('say what is wrong with an address, in the words of the server', async () => {
    const page = await world.browser.open('/console/events?systm=lxd', world.admin);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('systm');
    expect(await accessibilityFaults(page)).toEqual([]);
    // The browser tells of each answer that is a refusal.
    expect((await world.browser.settle()).filter((fault) => !fault.includes(' 400 '))).toEqual([]);
  });

  it('say so where there are none', async () => {
    const page = await world.browser.open('/console/events?subject=nobody', world.admin);
    await page.getByRole('heading', { name: 'No events match' }).waitFor();
    await keepScreenshot(page, 'events-empty');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show all events' }).click();
    await page.getByRole('row').nth(1).waitFor();
  });
});

describe.skipIf(!hasBrowser)('an event', () => {
  afterEach(async () => {
    expect(await world.browser.settle()).toEqual([]);
  });

  it('shows why a rule did not take it, in every look', async () => {
    const uuid = await eventOf('?system=lxd&event_type=cluster-member-renamed');
    for (const look of LOOKS) {
      const page = await world.browser.open(`/console/events/${uuid}`, world.admin, look);
      await page.getByText('does not take it: no rule matches').waitFor();
      expect(await page.locator('.filter-failed').innerText()).toContain("$.data.project == 'build'");
      await keepScreenshot(page, `event-routing-${look.width}-${look.colorScheme}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  });

  it('shows whom it was sent to', async () => {
    const uuid = await eventOf('?system=lxd&event_type=instance-created&q=runner');
    const page = await world.browser.open(`/console/events/${uuid}`, world.admin);
    await page.getByText('takes it', { exact: true }).waitFor();
    await page.getByText('is told', { exact: true }).waitFor();
    await page.getByText(/^(waiting|failed|delivered)$/).waitFor();
    await keepScreenshot(page, 'event-routing-taken');
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('shows that its source is off, and leads to the switch', async () => {
    const page = await world.browser.open(`/console/events/${await eventOf('?system=waldur')}`, world.admin);
    await page.getByText('is off: its events are stored, and sent to nobody').waitFor();
    await page.getByRole('link', { name: 'Go to the sources' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sources' }).waitFor();
  });

  it('shows its payload by the paths of rules, and all of it', async () => {
    const page = await world.browser.open(`/console/events/${await eventOf('?system=cds')}?tab=payload`, world.admin);
    await page
      .getByRole('cell', { name: /^\$\.data\./ })
      .first()
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    for (const tab of ['CloudEvent', 'Related']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
      await keepScreenshot(page, `event-${tab.toLowerCase()}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  });

  it('is text, whatever somebody has sent', async () => {
    const event = {
      type: 'lifecycle',
      timestamp: '2026-11-02T12:00:00Z',
      metadata: { action: 'instance-started', source: '/1.0/instances/hostile', [HOSTILE]: '9'.repeat(1_000) },
      location: HOSTILE,
      project: HOSTILE,
    };
    expect((await world.send('lxd', `${JSON.stringify(event).slice(0, -1)},"big":9223372036854775808}`)).status).toBe(
      202,
    );
    await until(async () => (await world.count('?q=hostile')) > 0, { what: 'the event to be stored' });
    const uuid = await eventOf('?q=hostile');
    const page = await world.browser.open(`/console/events/${uuid}?tab=payload`, world.admin);
    await page.getByText('9223372036854775808').waitFor();
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await page.getByText('<img src=x onerror=alert(1)>').count()).toBeGreaterThan(0);
    await page.getByRole('tab', { name: 'CloudEvent' }).click();
    await page.getByText('9223372036854775808').waitFor();
    const list = await world.browser.open('/console/events?q=hostile', world.admin);
    await list.getByRole('row').nth(1).waitFor();
    expect(await list.locator('img[src=x]').count()).toBe(0);
  });

  it('has no routing for who may read events alone', async () => {
    const reader = await world.sessionWith(['events:read'], 'a reader of events');
    const page = await world.browser.open(`/console/events/${await eventOf('?system=cds')}`, reader);
    await page.getByRole('tab', { name: 'Payload' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Routing' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Sources' }).count()).toBe(0);
  });
});

describe('the bundle', () => {
  it('stays within its budget', () => {
    const folder = join(REPOSITORY, 'apps', 'console', 'dist');
    const files = readdirSync(join(folder, 'assets')).filter((name) => /\.(js|css)$/.test(name));
    const size = (name: string): number => gzipSync(readFileSync(join(folder, 'assets', name)), { level: 9 }).length;
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    const sum = (names: readonly string[]): number => names.reduce((total, name) => total + size(name), 0) / 1_000;
    const first = files.filter((name) => page.includes(name));
    const sizes = {
      firstJs: sum(first.filter((name) => name.endsWith('.js'))),
      firstCss: sum(first.filter((name) => name.endsWith('.css'))),
      all: sum(files),
    };
    process.stdout.write(`The console's bundle, kB gzipped: ${JSON.stringify(sizes)}\n`);
    expect(sizes.firstJs).toBeLessThanOrEqual(250);
    expect(sizes.firstCss).toBeLessThanOrEqual(35);
    expect(sizes.all).toBeLessThanOrEqual(700);
    expect(readdirSync(join(folder, 'assets')).filter((name) => /woff|ttf|\.map$/.test(name))).toEqual([]);
  });
});

const counted = (count: number): string => `${count} ${count === 1 ? 'event' : 'events'}`;

/** The newest event of a query. @throws where there is none */
async function eventOf(query: string): Promise<string> {
  const answer = await world.ask(`/api/events/${query}&page_size=1&field=uuid`);
  const [event] = (await answer.json()) as { uuid: string }[];
  if (event === undefined) throw new Error(`There is no event of ${query}`);
  return event.uuid;
}
