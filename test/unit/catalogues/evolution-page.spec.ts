import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE_CHANGES } from '@tidings/catalogue';
import { expect, it } from 'vitest';
import { REPOSITORY } from '../../harness/repository.js';

it('docs/SCHEMA-EVOLUTION.md says of every change whom it breaks, as the command does', () => {
  const page = readFileSync(join(REPOSITORY, 'docs', 'SCHEMA-EVOLUTION.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([a-z ]+?) +\|/gm)].map(([, code, breaks]) => [code, breaks]);
  expect(rows).toEqual(Object.entries(CATALOGUE_CHANGES));
});
