import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allowance, survey, type Survey } from '../../../tools/import-survey.mjs';
import { ROOMS } from '../../../tools/import-table.mjs';
import { PlantedProject, UNDECLARED } from './planted-project.js';

const ROOT = join(import.meta.dirname, '../../..');

describe('the imports of this project', () => {
  let found: Survey;
  beforeAll(async () => {
    found = await survey(ROOT);
  });

  it('break no rule', () => {
    expect(found.violations).toEqual([]);
  });

  it('stay within the table', () => {
    for (const { room, rooms, packages } of found.imports) {
      const allowedRooms = room.rooms === '*' ? ROOMS.map(({ name }) => name) : room.rooms;
      expect(rooms.filter((name) => !allowedRooms.includes(name))).toEqual([]);
      if (room.packages === '*') continue;
      const allowedPackages = [...room.packages, ...(room.storagePackages ?? [])];
      expect(packages.filter((name) => !allowedPackages.includes(name))).toEqual([]);
    }
  });

  it('are read across the rooms, not past them', () => {
    const ofTransport = found.imports.find(({ room }) => room.name === 'transport');
    expect(ofTransport).toMatchObject({ rooms: ['catalogue'], packages: ['kafkajs'] });
    const ofStandalone = found.imports.find(({ room }) => room.name === 'standalone');
    expect(ofStandalone?.rooms).toEqual(expect.arrayContaining(['gateway', 'events']));
  });
});

describe('docs/ARCHITECTURE.md', () => {
  it('shows the table as it is', async () => {
    const text = await readFile(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
    const [, table = ''] = /\| from +\| may import +\|\n\|[-| ]+\|\n((?:\|.*\|\n)+)/.exec(text) ?? [];
    const rows = table
      .trimEnd()
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.map(([, from, mayImport]) => [from, mayImport])).toEqual(
      ROOMS.map((room) => [room.name, allowance(room)]),
    );
  });
});

describe('a planted violation', () => {
  const plant = 'src/plant.ts';
  const importing = (path: string) => `import '${path}';\n`;

  it.each([
    ['Nest in the catalogue', `libs/catalogue/${plant}`, '@nestjs/common', 'catalogue-is-pure'],
    ['files in the catalogue', `libs/catalogue/${plant}`, 'node:fs/promises', 'catalogue-does-no-io'],
    ['a room of ours in the runtime', `libs/runtime/${plant}`, '@tidings/transport', 'runtime-imports-only-its-rooms'],
    ['an app in another', `apps/gateway/${plant}`, '@tidings/events', 'gateway-imports-only-its-rooms'],
    ['kafkajs outside of transport', `libs/publishing/${plant}`, 'kafkajs', 'publishing-imports-only-its-packages'],
    ['pg in an app without a store', `apps/standalone/${plant}`, 'pg', 'standalone-imports-only-its-packages'],
    ['TypeORM in a controller', 'apps/events/src/plant.controller.ts', 'typeorm', 'events-stores-in-its-storage-files'],
    ['a path into another room', `apps/events/${plant}`, '../../../libs/catalogue/src/index.js', 'by-its-name'],
    ['a way past the door', `apps/events/${plant}`, '../../../libs/catalogue/src/inner.js', 'through-the-door'],
    ['a way past the door from a test', 'test/plant.ts', '../libs/catalogue/src/inner.js', 'through-the-door'],
    ['an undeclared room', `apps/${UNDECLARED.room}/${plant}`, '@tidings/database', 'gateway-declares-its-rooms'],
    ['an undeclared package', `libs/access/${plant}`, 'undeclared', 'declared-packages'],
    ['an undeclared package in a test', 'libs/access/src/plant.spec.ts', 'undeclared', 'declared-packages-of-tests'],
    ['a test runner in production', `libs/access/${plant}`, 'vitest', 'installed-in-production'],
    ['an import that leads nowhere', `libs/access/${plant}`, './missing.js', 'resolvable'],
  ])('of %s fails by name', async (_, path, imported, rule) => {
    await using project = await PlantedProject.create();
    await project.plant(path, importing(imported));

    const { violations } = await survey(project.root);

    expect(violations).toContainEqual(expect.objectContaining({ rule, from: path }));
  });

  it('of modules in a circle fails by name', async () => {
    await using project = await PlantedProject.create();
    await project.plant('libs/access/src/one.ts', importing('./two.js'));
    await project.plant('libs/access/src/two.ts', importing('./one.js'));

    const { violations } = await survey(project.root);

    expect(violations.map(({ rule }) => rule)).toContain('no-circles');
  });

  it('of a module that nobody needs fails by name', async () => {
    await using project = await PlantedProject.create();
    await project.plant('libs/access/src/lonely.ts', 'export const lonely = 1;');

    const { violations } = await survey(project.root);

    expect(violations).toEqual([expect.objectContaining({ rule: 'no-orphans', from: 'libs/access/src/lonely.ts' })]);
  });

  it('is not seen where there is none', async () => {
    await using project = await PlantedProject.create();
    await project.plant('apps/events/src/plant.repository.ts', importing('typeorm') + importing('@tidings/catalogue'));
    await project.plant('apps/events/src/migrations/1-plant.ts', importing('pg'));
    await project.plant('libs/access/src/plant.spec.ts', importing('vitest'));
    await project.plant('test/plant.ts', importing('@tidings/standalone') + importing('kafkajs'));

    expect((await survey(project.root)).violations).toEqual([]);
  });
});
