import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogue } from '../systems/index.js';
import { isBreaking } from './catalogue-change.js';
import { catalogueChanges } from './catalogue-changes.js';
import { catalogueSnapshot, type CatalogueSnapshot } from './catalogue-snapshot.js';

// No update of snapshots writes this file: a break that is meant is said by `npx tidings catalogue snapshot`, and seen in
// the review of its difference (docs/SCHEMA-EVOLUTION.md).
const RELEASED = new URL('../../released.json', import.meta.url);

it('nothing that was released is broken', () => {
  const released = JSON.parse(readFileSync(RELEASED, 'utf8')) as CatalogueSnapshot;
  expect(catalogueChanges(released, catalogueSnapshot(catalogue)).filter(isBreaking)).toEqual([]);
});
