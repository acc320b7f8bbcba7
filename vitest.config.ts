import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';
import { CountsReporter } from './test/harness/counts-reporter.js';

// The workspaces' own sources stand for them (their `exports` have this condition first); the rest are Vite's own.
const conditions = ['tidings-source', 'module', 'node', 'development|production'];

// The same compiler as the build's, with tsconfig.json's options: Nest injects by the types that decorators record.
const shared = {
  plugins: [swc.vite()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};

/** Tests of one room and its neighbours, in memory. */
const unit = {
  ...shared,
  test: {
    name: 'unit',
    include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'test/unit/**/*.{spec,test}.ts'],
    // Generous here and below: two cores may be shared with other builds, and no test asserts speed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
};

/** Tests that find a Kafka and a PostgreSQL running; both start only where such a test is among those asked for. */
const servers = {
  ...shared,
  test: {
    name: 'servers',
    include: [
      'test/integration/**/*.test.ts',
      'test/fuzz/**/*.test.ts',
      'test/e2e/**/*.test.ts',
      'test/conformance/**/*.test.ts',
    ],
    globalSetup: ['test/harness/global-servers.ts'],
    setupFiles: ['test/harness/quiet-log.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
};

/** Tests that kill what they use, and so start their own; `npm run test:faults`. */
const faults = {
  ...shared,
  test: {
    name: 'faults',
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
};

export default defineConfig({
  test: {
    projects: process.env['TIDINGS_TESTS'] === 'faults' ? [faults] : [unit, servers],
    reporters: ['default', new CountsReporter(process.env['TIDINGS_TEST_COUNTS'])],
    maxWorkers: 2,
    passWithNoTests: false,
  },
});
