import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, ROOT, run, SetupError } from './bootstrap.mjs';
import { clockShifts } from './clock-shifts.mjs';

const HELP = `Runs the tests, README's commands among them, with the clock of every process shifted.

npm run test:dates                        all shifts, one after the other
npm run test:dates -- --only +40d,+2y     these shifts
npm run test:dates -- access leaks        the test files whose path has one of these words in it
npm run test:dates -- --list              the shifts there are

Needs Debian's libfaketime, which is fetched where it is not installed. Run \`npm test\` once before: packages are
downloaded by the true clock, because a registry's certificate may have ended by the shifted one.
Not shifted: programs that ask the kernel without the C library (those in Go: LXD's client), and PostgreSQL's own timers
(statement_timeout), which libfaketime keeps from firing: the tests of those are skipped.
`;

await run(async () => {
  const args = process.argv.slice(2);
  const shifts = clockShifts(new Date());
  if (args.includes('--help')) return print(HELP);
  if (args.includes('--list')) return print(shifts.map(({ name, zone }) => `${name.padEnd(12)} ${zone}\n`).join(''));
  const { only, rest } = selection(args);
  const unknown = only?.filter((name) => !shifts.some((shift) => shift.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new SetupError(`There is no shift ${unknown.join(', ')}; use ${shifts.map(({ name }) => name).join(', ')}.`);
  }
  await bootstrap({ alsoTests: true });
  const library = await faketime();
  const results = [];
  for (const { name } of shifts.filter((shift) => only?.includes(shift.name) ?? true)) {
    const { seconds, zone } = clockShifts(new Date()).find((shift) => shift.name === name);
    print(`\n=== ${name}: it is ${new Date(Date.now() + seconds * 1_000).toISOString()}, TZ=${zone}\n`);
    const began = Date.now();
    const code = await tests(rest, clockOf(library, seconds, zone));
    const took = Math.round((Date.now() - began) / 1_000);
    results.push({ code, line: `${code === 0 ? 'passed' : 'FAILED'}  ${name.padEnd(12)} ${took} s\n` });
  }
  print(`\n${results.map(({ line }) => line).join('')}`);
  return results.every(({ code }) => code === 0) ? 0 : 1;
});

function print(text) {
  process.stdout.write(text);
}

function selection(args) {
  const at = args.indexOf('--only');
  if (at < 0) return { only: undefined, rest: args };
  return { only: (args[at + 1] ?? '').split(','), rest: args.filter((_, index) => index !== at && index !== at + 1) };
}

/** The path of the library that shifts the clock of whatever is started with it. */
async function faketime() {
  const { debianPackages } = await import('../test/dist/harness/debian-packages.js');
  const found = await debianPackages(['libfaketime']);
  if ('reason' in found) throw new SetupError(`Shifting the clock needs libfaketime: ${found.reason}`);
  const libraries = join(found.folder, 'usr', 'lib');
  const file = readdirSync(libraries, { recursive: true }).find((path) => path.endsWith('libfaketimeMT.so.1'));
  if (file === undefined) throw new SetupError(`There is no libfaketimeMT.so.1 in ${libraries}.`);
  return join(libraries, file);
}

/** What a process and all that it starts have in their environment, so that their clock is ahead. */
function clockOf(library, seconds, zone) {
  return {
    LD_PRELOAD: library,
    FAKETIME: `+${seconds}`,
    TZ: zone,
    // Time-outs go by the monotonic clock, which nobody shifts; the JVM spins where that is mended twice.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_FORCE_MONOTONIC_FIX: '0',
  };
}

function tests(args, clock) {
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'test.mjs'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...clock },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
