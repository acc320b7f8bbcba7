import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** Whether there is a browser to test the console in; it is said aloud where there is none. */
export const hasBrowser = CHROMIUM !== undefined;
if (!hasBrowser) {
  process.stderr.write('\nTHE CONSOLE IS NOT TESTED: there is no Chromium. Install one: apt-get install chromium\n\n');
}

/** What a page shows where. */
export interface Look {
  readonly width: 360 | 1440;
  readonly colorScheme: 'light' | 'dark';
}

/** As whom a page is opened: a token and what `/api/me/` says of it, as a tab keeps them. */
export interface KeptSession {
  readonly token: string;
  readonly me: unknown;
}

/** A real browser that notes whatever no page of the console may do. */
export class ConsoleBrowser {
  /** Violations of the policy, errors on the console, and requests to anywhere else. */
  readonly faults: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  static async launch(origin: string): Promise<ConsoleBrowser> {
    const browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
    return new ConsoleBrowser(browser, origin);
  }

  /** Opens a page in a profile of its own. @param session undefined: nobody is signed in */
  async open(
    path: string,
    session?: KeptSession,
    { width, colorScheme }: Look = { width: 1440, colorScheme: 'light' },
  ): Promise<Page> {
    const viewport = { width, height: 900 };
    const context = await this.browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
    this.contexts.push(context);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.faults.push(`error: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && !url.startsWith('data:')) this.faults.push(`request: ${url}`);
    });
    await page.addInitScript(WATCHED_PAGE);
    if (session !== undefined) await page.addInitScript(keptScript(session));
    await page.goto(`${this.origin}${path}`);
    return page;
  }

  /** Ends the pages that are open. @returns what they did that they may not; it is forgotten here */
  async settle(): Promise<readonly string[]> {
    for (const context of this.contexts.splice(0)) await context.close();
    return this.faults.splice(0);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

const RULES = JSON.stringify(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);

/** What runs in the page is a text: these files are compiled for Node, which has no document. */
const WATCHED_PAGE = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  console.error('policy: ' + violatedDirective + ' ' + blockedURI);
});`;

const keptScript = (session: KeptSession): string =>
  `sessionStorage.setItem('tidings-session', ${JSON.stringify(JSON.stringify(session))});`;

/** What a tab keeps of who is signed in. */
export async function keptSession(page: Page): Promise<KeptSession> {
  return JSON.parse(String(await page.evaluate(`sessionStorage.getItem('tidings-session')`))) as KeptSession;
}

/** What of WCAG 2.2 AA a page as it is now does not hold, one line a rule; and whether it is wider than its window. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<Pick<AxeResults, 'violations'>>(`axe.run({ runOnly: ${RULES} })`);
  const width = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
  const lines = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  return width > 0 ? [...lines, `${width} px wider than its window`] : lines;
}

/** Keeps a picture of a page, for a person to look at, where TIDINGS_SCREENSHOTS names a folder. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['TIDINGS_SCREENSHOTS'];
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
