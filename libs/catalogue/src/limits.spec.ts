import { describe, expect, it } from 'vitest';
import { type Limit, LIMITS } from './limits.js';

const PREFACE = `# Limits

What comes from outside is bounded, whichever way it comes in. This page is written from
[libs/catalogue/src/limits.ts](../libs/catalogue/src/limits.ts), where a limit is changed; \`npm test -- limits --update\` writes
it again. The largest event is a setting, \`TIDINGS_MAX_EVENT_BYTES\` (1 MiB by default). "Dead letter" means that the message
is put aside with its place and the reason, and that its neighbours go on: see \`GET /api/dead-letters/\`.
`;

const row = ({ of, value, unit, beyond }: Limit): string =>
  `| ${of} | ${value.toLocaleString('en-GB')} ${unit} | ${beyond.replaceAll('|', '\\|')} |\n`;

const section = ([heading, limits]: [string, Readonly<Record<string, Limit>>]): string =>
  `\n## ${heading}\n\n| what is limited | at most | beyond |\n| --- | --- | --- |\n${Object.values(limits).map(row).join('')}`;

describe('docs/LIMITS.md', () => {
  it('is what the table says', async () => {
    const page = PREFACE + Object.entries(LIMITS).map(section).join('');
    await expect(page).toMatchFileSnapshot('../../../docs/LIMITS.md');
  });
});
