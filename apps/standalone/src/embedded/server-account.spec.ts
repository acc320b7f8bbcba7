import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountFor, closedPart, parseAccounts } from './server-account.js';

const asRoot = process.getuid?.() === 0;
const hasSetpriv = spawnSync('setpriv', ['--version']).status === 0;
const USE = { name: 'PostgreSQL', instead: 'DATABASE_URL=postgres://host/database' };
const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-account-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'outer', 'inner'), { recursive: true });
  writeFileSync(join(folder, 'outer', 'inner', 'file'), '');
  // Whatever this user's umask made of them.
  for (const part of ['outer', 'outer/inner', 'outer/inner/file']) chmodSync(join(folder, part), 0o755);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('closedPart', () => {
  it('finds nothing where all is open', () => {
    expect(closedPart(join(folder, 'outer', 'inner', 'file'), stranger)).toBeUndefined();
    expect(closedPart(join(folder, 'outer', 'inner'), stranger)).toBeUndefined();
  });

  it('finds the first folder that may not be passed through', () => {
    chmodSync(join(folder, 'outer', 'inner'), 0o700);
    chmodSync(join(folder, 'outer'), 0o744);
    expect(closedPart(join(folder, 'outer', 'inner', 'file'), stranger)).toBe(join(folder, 'outer'));
  });

  it('passes through a folder that cannot be listed, and stops at a file that cannot be read', () => {
    chmodSync(join(folder, 'outer'), 0o711);
    chmodSync(join(folder, 'outer', 'inner', 'file'), 0o600);
    expect(closedPart(join(folder, 'outer', 'inner', 'file'), stranger)).toBe(join(folder, 'outer', 'inner', 'file'));
  });

  it('counts what the owner and the group may', () => {
    chmodSync(join(folder, 'outer'), 0o700);
    const { uid, gid } = statSync(folder);
    expect(closedPart(join(folder, 'outer'), { name: 'owner', uid, gid: 1 })).toBeUndefined();
    chmodSync(join(folder, 'outer'), 0o750);
    expect(closedPart(join(folder, 'outer'), { name: 'member', uid: 54_321, gid })).toBeUndefined();
  });
});

it('reads accounts', () => {
  expect(parseAccounts('root:x:0:0:root:/root:/bin/bash\n# a comment\nnobody:x:65534:65534::/:/bin/false\n')).toEqual([
    { name: 'root', uid: 0, gid: 0 },
    { name: 'nobody', uid: 65_534, gid: 65_534 },
  ]);
});

describe.runIf(asRoot)('accountFor, as root', () => {
  const own = (): string => join(folder, 'outer', 'inner');

  it('hands the folder to an account that is not root, once and for all', () => {
    const first = accountFor(own(), [], USE);
    expect(first?.account.uid).toBeGreaterThan(0);
    expect(statSync(own()).uid).toBe(first?.account.uid);
    expect(accountFor(own(), [], USE)?.account.uid).toBe(first?.account.uid);
  });

  it('needs no privilege where the account reaches everything', () => {
    const change = accountFor(own(), [join(own(), 'file')], USE);
    expect(change?.wrap('server', ['-x'])).toEqual({ command: 'server', args: ['-x'] });
    expect(change?.ids?.uid).toBe(change?.account.uid);
  });

  it.runIf(hasSetpriv)('keeps the one privilege that lets it pass through closed folders', () => {
    chmodSync(folder, 0o700);
    const change = accountFor(own(), [], USE);
    const { command, args } = change?.wrap('server', ['-x']) ?? { command: '', args: [] };
    expect(command).toBe('setpriv');
    expect(args.slice(-2)).toEqual(['server', '-x']);
    expect(args.filter((argument) => argument.startsWith('--ambient-caps='))).toHaveLength(1);
    expect(change?.ids).toBeUndefined();
  });

  it.runIf(hasSetpriv)('finds by every means what lies in a closed folder', () => {
    chmodSync(folder, 0o700);
    const file = join(own(), 'file');
    const look = `fs.accessSync(${JSON.stringify(file)}, fs.constants.R_OK | fs.constants.X_OK); fs.readFileSync(${JSON.stringify(file)}); console.log(process.getuid())`;
    const change = accountFor(own(), [], USE);
    const { command, args } = change?.wrap(process.execPath, ['-e', look]) ?? { command: '', args: [] };
    const { stdout, stderr } = spawnSync(command, args, { cwd: '/', encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe(String(change?.account.uid));
  });

  it('names the closed folder and the ways out where nothing can give that privilege', () => {
    chmodSync(folder, 0o700);
    vi.stubEnv('PATH', join(folder, 'outer'));
    expect(() => accountFor(own(), [], USE)).toThrow(
      /cannot enter .*tidings-account-[^/]*\. Ways out:[^]*chmod o\+x[^]*DATABASE_URL=/,
    );
  });
});

it('changes nothing where we are not root', () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1_000);
  expect(accountFor(folder, ['/root/closed'], USE)).toBeUndefined();
});
