import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { accessibilityFaults, hasBrowser, keepScreenshot, keptSession } from '../harness/console-browser.js';
import { until } from '../harness/until.js';
import { ConsoleWorld, LOOKS } from './console-world.js';

let world: ConsoleWorld;

beforeAll(async () => {
  if (hasBrowser) world = await ConsoleWorld.start();
});
afterAll(async () => {
  if (hasBrowser) await world.stop();
});

const lxdSwitch = (page: Page) => page.getByRole('switch', { name: 'Send on the events of LXD' });

describe.skipIf(!hasBrowser)('signing in', () => {
  it('takes the link of the banner, once, and the code is in no address afterwards', async () => {
    const link = await until(() => /\/console\/#code=tdc_[\w-]{32}/.exec(world.standalone.app.output)?.[0]);
    const page = await world.browser.open(link);
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
    expect(page.url()).toBe(`${world.url}/console/events`);
    const code = link.replace(/.*=/, '');
    const session = await keptSession(page);
    expect(session).toMatchObject({ me: { kind: 'session', name: 'session of admin' } });
    expect(session.token).not.toBe(world.standalone.token);
    await page.goBack();
    expect(page.url()).toBe('about:blank');
    expect(await world.browser.settle()).toEqual([]);

    const again = await world.browser.open(link);
    await again.getByText('This sign-in code was used already').waitFor();
    await keepScreenshot(again, 'sign-in-used');
    expect(await accessibilityFaults(again)).toEqual([]);
    // The refusal itself is told by the browser; nothing else is.
    expect((await world.browser.settle()).filter((fault) => !/ 401 .*\/api\/sessions\/$/.test(fault))).toEqual([]);
    // Printed once, for the person at the terminal, and in no line of the log.
    expect(world.standalone.app.output.split(code)).toHaveLength(2);
  });

  it('takes a link of the command line, and a token that is pasted', async () => {
    const link = world.command('console');
    const page = await world.browser.open(link.replace(world.url, ''));
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();

    const pasted = await world.browser.open('/console/sources?show=off');
    await pasted.getByRole('textbox', { name: 'Token' }).fill(world.standalone.token);
    await pasted.getByRole('button', { name: 'Sign in' }).click();
    await pasted.getByRole('heading', { level: 1, name: 'Sources' }).waitFor();
    expect(pasted.url()).toContain('/console/sources?show=off');
    expect(await world.browser.settle()).toEqual([]);
  });

  it('ends the session at the server with the sign-out', async () => {
    const page = await world.browser.open(world.command('console').replace(world.url, ''));
    await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
    const { token } = await keptSession(page);
    await page.getByRole('button', { name: 'Signed in as session of admin' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in to Tidings' }).waitFor();
    await until(async () => (await world.ask('/api/me/', {}, token)).status === 401);
    expect(await world.browser.settle()).toEqual([]);
  });

  it('asks for another token where the server takes this one no more, and what is there stays', async () => {
    const session = await world.sessionWith(['notifications:admin'], 'one that ends');
    const page = await world.browser.open('/console/sources', session);
    await page.getByRole('row', { name: /LXD/ }).waitFor();
    const { id } = session.me as { id: string };
    expect((await world.ask(`/api/tokens/${id}/`, { method: 'DELETE' })).status).toBe(204);
    const dialog = page.getByRole('dialog', { name: 'The server no longer takes your token' });
    await dialog.waitFor({ timeout: 60_000 });
    await dialog.getByRole('textbox', { name: 'Token' }).fill(world.standalone.token);
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('row', { name: /LXD/ }).waitFor();
    expect((await world.browser.settle()).filter((fault) => !fault.includes(' 401 '))).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)('the sources', () => {
  afterEach(async () => {
    expect(await world.browser.settle()).toEqual([]);
  });

  it('can be looked at while nothing has come yet', async () => {
    for (const look of LOOKS) {
      const page = await world.browser.open('/console/sources', world.admin, look);
      await page.getByText('No event yet').first().waitFor();
      await keepScreenshot(page, `sources-empty-${look.width}-${look.colorScheme}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
  });

  it('are switched in the browser, and API and audit log have it', async () => {
    const page = await world.browser.open('/console/sources', world.admin);
    await lxdSwitch(page).click({ force: true });
    await page.getByText('LXD is on').waitFor();
    expect(await world.lxdSource()).toMatchObject({ enabled: true });
    expect(await world.lastSwitch()).toMatchObject({
      action: 'source.enable',
      subject: `source:${(await world.lxdSource()).id}`,
    });
    await page.getByText('switched on by admin').waitFor();

    await world.tellThePager();
    await lxdSwitch(page).click({ force: true });
    const question = page.getByRole('dialog', { name: 'Switch LXD off?' });
    await question.getByText('1 destination left without any event').waitFor();
    expect(await question.innerText()).toMatch(/all of lxd[\s\S]*tell the pager[\s\S]*pager/);
    await keepScreenshot(page, 'sources-impact');
    expect(await accessibilityFaults(page)).toEqual([]);
    await question.getByRole('button', { name: 'Leave it on' }).click();
    expect(await world.lxdSource()).toMatchObject({ enabled: true });

    await lxdSwitch(page).click({ force: true });
    await question.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('LXD is off').waitFor();
    expect(await world.lxdSource()).toMatchObject({ enabled: false });
    expect(await world.lastSwitch()).toMatchObject({ action: 'source.disable', actor: { id: 'admin' } });

    await page.getByRole('button', { name: 'Undo' }).last().click();
    await until(async () => (await world.lxdSource()).enabled);
    expect(await world.lastSwitch()).toMatchObject({ action: 'source.enable' });
  });

  it('say what came and what was not sent on, and what was missed when they are switched on again', async () => {
    await world.setLxd(false);
    await world.sendSamples();
    for (const look of LOOKS) {
      const page = await world.browser.open('/console/sources', world.admin, look);
      await page.getByText('38 suppressed').waitFor();
      await keepScreenshot(page, `sources-full-${look.width}-${look.colorScheme}`);
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    const page = await world.browser.open('/console/sources', world.admin);
    await page.getByText('38 suppressed').waitFor();
    await lxdSwitch(page).click({ force: true });
    await page.getByText(/38 events came while it was off/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('are found by a filter that stands in the address', async () => {
    const page = await world.browser.open('/console/sources?show=on', world.admin);
    await page.getByRole('row', { name: /LXD/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.getByText('All', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Find a source' }).fill('cloud');
    await page.getByRole('row', { name: /IBM Cloud/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    expect(page.url()).toMatch(/\/console\/sources\?q=cloud$/);
    await page.getByRole('textbox', { name: 'Find a source' }).fill('nothing of that name');
    await page.getByRole('button', { name: 'Show all sources' }).click();
    await page.getByRole('row', { name: /Waldur/ }).waitFor();
  });

  it('have no switch for a reader, who sees the state', async () => {
    const reader = await world.sessionWith(['notifications:read'], 'a reader of sources');
    const page = await world.browser.open('/console/sources', reader);
    await page.getByRole('row', { name: /LXD/ }).waitFor();
    expect(await page.locator('[role=switch], input[type=checkbox]').count()).toBe(0);
    expect(await page.getByRole('row', { name: /LXD/ }).innerText()).toMatch(/\bOn\b/);
    await keepScreenshot(page, 'sources-reader');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await world.setLxd(false, reader.token)).toBe(403);
  });

  it('are no screen for who may not see them', async () => {
    const publisher = await world.sessionWith(['events:publish'], 'a publisher');
    const page = await world.browser.open('/console/', publisher);
    await page.getByText('This token opens no screen').waitFor();
    expect(await page.getByRole('link', { name: 'Sources' }).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('can be switched by the keyboard alone', async () => {
    await world.setLxd(true);
    const page = await world.browser.open('/console/sources', world.admin);
    await lxdSwitch(page).focus();
    await page.keyboard.press('Space');
    await page.getByRole('dialog', { name: 'Switch LXD off?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Switch LXD off?' }).waitFor({ state: 'hidden' });
    expect(await world.lxdSource()).toMatchObject({ enabled: true });
    expect(await page.evaluate(`document.activeElement?.getAttribute('role')`)).toBe('switch');
  });
});
