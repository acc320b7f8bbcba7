import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../harness/repository.js';

/** The examples of every command, as docs/CLI.md has them: a test of its own keeps that page as `--help` is. */
export function helpExamples(): readonly string[] {
  const page = readFileSync(join(REPOSITORY, 'docs', 'CLI.md'), 'utf8');
  const examples = [...page.matchAll(/^Examples:\n((?: {2}.*\n)+)/gm)].flatMap(([, lines = '']) =>
    lines
      .replaceAll(/\\\n +/g, '')
      .split('\n')
      .filter((line) => line !== ''),
  );
  return [...new Set(examples.map((line) => line.trim()))];
}

/** What starts servers; test/e2e/cli-up.test.ts tries it. */
export const startsServers = (example: string): boolean => /\btidings up\b/.test(example);

/** What goes on until somebody ends it, or until an event comes. */
export const isEndless = (example: string): boolean => /\btidings tail\b/.test(example) || example.includes('--follow');

/**
 * What the server refuses of the dead letters of the test, which are native events and still unusable: these examples are
 * for others, whose type was declared in the meantime, or whose headers were wrong.
 */
export const REFUSED: Readonly<Record<string, string>> = {
  'tidings dead-letters retry 7': 'is still unusable',
  'tidings dead-letters retry 7 --header ce_type=com.ovh.cds.ProjectCreated': 'a native event has none of its own',
};
