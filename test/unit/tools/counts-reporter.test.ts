import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SerializedError, TestModule } from 'vitest/node';
import { CountsReporter } from '../../harness/counts-reporter.js';

type State = 'passed' | 'failed' | 'skipped' | 'pending';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-counts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As much of a module as is counted. */
function moduleOf(states: readonly State[], ok = !states.includes('failed')): TestModule {
  const tests = states.map((state) => ({ result: () => ({ state }) }));
  return { ok: () => ok, children: { allTests: () => tests.values() } } as unknown as TestModule;
}

function countsOf(modules: readonly TestModule[], errors: readonly SerializedError[] = []): unknown {
  const file = join(folder, 'counts.json');
  new CountsReporter(file).onTestRunEnd(modules, errors);
  return JSON.parse(readFileSync(file, 'utf8'));
}

it('counts tests of all files', () => {
  expect(countsOf([moduleOf(['passed', 'skipped']), moduleOf(['passed', 'failed'])])).toEqual({
    passed: 2,
    failed: 1,
    skipped: 1,
  });
});

it('counts a file that fails without a test of its own, an error outside of any, and a test that never ended', () => {
  const counts = countsOf([moduleOf([], false), moduleOf(['pending'])], [{ message: 'lost' }]);
  expect(counts).toEqual({ passed: 0, failed: 3, skipped: 0 });
});
