import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_IO, GUARDED_PACKAGES, ROOMS, STORAGE_FILES } from './import-table.mjs';

const SPEC_FILES = '\\.spec\\.ts$';
const ANY_ROOM = '^(libs|apps|test|tools)/';

const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const anyOf = (parts) => `(${parts.join('|')})`;
const inside = (room) => `^${escaped(room.folder)}/`;
const packagePath = (name) => `(^|/)node_modules/${escaped(name)}${name.endsWith('/') ? '' : '(/|$)'}`;

function manifestOf(root, folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/**
 * The source files that a room's `exports` open: its doors.
 *
 * @param {string} root The project's folder.
 * @param {import('./import-table.mjs').Room} room
 * @returns {string[]} Paths relative to the root.
 */
export function doorsOf(root, room) {
  const entries = Object.values(manifestOf(root, room.folder).exports ?? {});
  return entries
    .map((entry) => entry['tidings-source'])
    .filter((path) => path !== undefined)
    .map((path) => `${room.folder}/${path.replace(/^\.\//, '')}`);
}

/** The rooms of the table that a project has; a copy of a part of it has fewer. */
export function roomsIn(root) {
  return ROOMS.filter((room) => existsSync(join(root, room.folder, 'package.json')));
}

function roomRule(room) {
  const open = room.rooms === '*' ? ROOMS : ROOMS.filter(({ name }) => room.rooms.includes(name));
  return {
    name: `${room.name}-imports-only-its-rooms`,
    comment: `${room.name} may import: ${open.map(({ name }) => name).join(', ') || 'none of our own rooms'}.`,
    severity: 'error',
    from: { path: inside(room) },
    to: { path: '^(libs|apps|test)/', pathNot: [inside(room), ...open.map(inside)] },
  };
}

function declaredRule(root, room) {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(root, room.folder);
  const declared = ROOMS.filter(({ name }) => `@tidings/${name}` in { ...dependencies, ...peerDependencies });
  return {
    name: `${room.name}-declares-its-rooms`,
    comment: `What ${room.name} imports of our own stands in its package.json, so that it installs without the rest.`,
    severity: 'error',
    from: { path: inside(room) },
    to: { path: '^(libs|apps)/', pathNot: [inside(room), ...declared.map(inside)] },
  };
}

function guardRules(room) {
  if (room.packages === '*') return [];
  const closedTo = (allowed) => GUARDED_PACKAGES.filter((name) => !allowed.includes(name)).map(packagePath);
  const storagePackages = room.storagePackages ?? [];
  const rules = [
    {
      name: `${room.name}-imports-only-its-packages`,
      comment: `Of the guarded packages ${room.name} may import: ${[...room.packages, ...storagePackages].join(', ') || 'none'}.`,
      severity: 'error',
      from: { path: inside(room) },
      to: { path: anyOf(closedTo([...room.packages, ...storagePackages])) },
    },
  ];
  if (storagePackages.length > 0) {
    rules.push({
      name: `${room.name}-stores-in-its-storage-files`,
      comment: `Only repositories, entities, stores and migrations of ${room.name} know ${storagePackages.join(', ')}.`,
      severity: 'error',
      from: { path: inside(room), pathNot: STORAGE_FILES },
      to: { path: anyOf(storagePackages.map(packagePath)) },
    });
  }
  return rules;
}

function purityRules(room) {
  if (!room.pure) return [];
  return [
    {
      name: `${room.name}-is-pure`,
      comment: `${room.name} imports no package but: ${room.packages.join(', ')}.`,
      severity: 'error',
      from: { path: inside(room), pathNot: SPEC_FILES },
      to: { path: '(^|/)node_modules/', pathNot: room.packages.map(packagePath) },
    },
    {
      name: `${room.name}-does-no-io`,
      comment: `${room.name} works in memory alone.`,
      severity: 'error',
      from: { path: inside(room), pathNot: SPEC_FILES },
      to: { dependencyTypes: ['core'], path: `^(node:)?${anyOf(CORE_IO)}(/|$)` },
    },
  ];
}

function houseRules(root, rooms) {
  const doors = rooms.flatMap((room) => doorsOf(root, room)).map((path) => `^${escaped(path)}$`);
  const toolsOfTheHouse = Object.keys(manifestOf(root, '.').devDependencies ?? {}).map(packagePath);
  return [
    {
      name: 'no-circles',
      comment: 'Modules that need each other are one module, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'through-the-door',
      comment: 'A room is entered only through the `exports` of its package.',
      severity: 'error',
      from: { path: '^((?:libs|apps)/[^/]+|test|tools)/' },
      to: { path: '^(libs|apps)/', pathNot: ['^$1/', ...doors] },
    },
    {
      name: 'by-its-name',
      comment: 'Another room is imported by the name of its package, not by a path into it.',
      severity: 'error',
      from: { path: '^((?:libs|apps)/[^/]+|test)/' },
      to: { path: '^(libs|apps)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'declared-packages',
      comment: 'A package that is imported stands in the package.json of the room that imports it.',
      severity: 'error',
      from: { path: '^(libs|apps|test)/', pathNot: anyOf([SPEC_FILES, '^test/']) },
      // What is optional for those who install the room stands there twice, and the second place is taken for none.
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'declared-packages-of-tests',
      comment: 'Tests may import the tools of the house besides what their own package.json names.',
      severity: 'error',
      from: { path: anyOf([SPEC_FILES, '^test/']) },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: toolsOfTheHouse },
    },
    {
      name: 'installed-in-production',
      comment: 'What runs is a dependency, not a development one: the image has only dependencies.',
      severity: 'error',
      // Of the console only what Vite bundles is there in production.
      from: { path: '^(libs|apps)/', pathNot: [SPEC_FILES, '^apps/console/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'resolvable',
      comment: 'An import leads somewhere.',
      severity: 'error',
      from: { path: ANY_ROOM },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphans',
      comment: 'A module that nothing imports and that imports nothing has no place.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(libs|apps)/',
        pathNot: [SPEC_FILES, '\\.d\\.ts$', '^apps/console/public/', ...doors],
      },
      to: {},
    },
  ];
}

/**
 * The configuration of dependency-cruiser, made from the table: everything that the table does not allow fails.
 *
 * @param {string} root The project's folder, absolute.
 * @returns {import('dependency-cruiser').IConfiguration}
 */
export function importRules(root) {
  const rooms = roomsIn(root);
  return {
    forbidden: [
      ...rooms.flatMap((room) => [roomRule(room), declaredRule(root, room), ...guardRules(room), ...purityRules(room)]),
      ...houseRules(root, rooms),
    ],
    options: {
      doNotFollow: { path: 'node_modules' },
      // Our own outputs; packages keep their code in such folders too, and are looked at. An output that is not built
      // yet cannot be resolved, and keeps the text of its import: hence the steps up.
      exclude: { path: '^([.][.]/)*((apps|libs)/[^/]+|test)/dist/' },
      tsPreCompilationDeps: true,
      detectProcessBuiltinModuleCalls: true,
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['tidings-source', 'import', 'node', 'default', 'types'],
        mainFields: ['module', 'main', 'types'],
      },
      preserveSymlinks: false,
      skipAnalysisNotInRules: false,
    },
  };
}
