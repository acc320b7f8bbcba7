import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, ROOT, run } from './bootstrap.mjs';

await run(async () => {
  await bootstrap();
  const faults = process.argv.includes('--faults');
  const args = process.argv.slice(2).filter((argument) => argument !== '--faults');
  const folder = mkdtempSync(join(tmpdir(), 'tidings-counts-'));
  try {
    const countsFile = join(folder, 'counts.json');
    const code = await vitest(args, { TIDINGS_TESTS: faults ? 'faults' : 'all', TIDINGS_TEST_COUNTS: countsFile });
    const { passed, failed, skipped } = readCounts(countsFile);
    // A run that ends badly without a failed test (an error outside of any) must not read as a good one.
    const failures = code === 0 ? failed : Math.max(failed, 1);
    process.stdout.write(`${passed} passed, ${failures} failed, ${skipped} skipped\n`);
    return failures > 0 ? (code ?? 1) || 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/**
 * Runs vitest to its end; gives its exit code. It runs in a process group of its own, with its workers and with what the
 * tests start: a signal that is meant to stop us is handed to all of them, so that nobody is left.
 */
function vitest(args, env) {
  const entry = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [entry, 'run', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: 'inherit',
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signalGroup(child.pid, signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signalGroup(child.pid, 'SIGKILL');
      resolve(code);
    });
  });
}

/** Nobody may be left in the group. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
