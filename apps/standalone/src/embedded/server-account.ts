import { spawnSync } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from '@tidings/runtime';

/** An account of the operating system. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** How to run a program as another user: put before its command, or given to spawn. */
export interface AccountChange {
  readonly account: Account;
  /** What runs the program: itself, or a program that changes to the account and keeps one privilege. */
  wrap(command: string, args: readonly string[]): { readonly command: string; readonly args: readonly string[] };
  /** For spawn, where nothing wraps the command. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
}

/** Who may run a server where we are root. Accounts are looked for, never made. */
const SERVER_ACCOUNTS = ['postgres', 'nobody'] as const;

/** Either lets a process pass through folders that are closed to its account; the first can do nothing else but read. */
const PASSING_CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
] as const;

/** For the messages that say why a server cannot be run. */
export interface AccountUse {
  readonly name: string;
  /** How to do without it: a variable with its value. */
  readonly instead: string;
}

/**
 * How a server that is not to run as root is run by us.
 *
 * @param ownFolder its folder, which exists; handed over to the account
 * @param needed files and folders of others that it must be able to read
 * @returns undefined where we are not root: it runs as who we are
 * @throws {StartError} when there is no account, or it cannot come by its files
 */
export function accountFor(ownFolder: string, needed: readonly string[], use: AccountUse): AccountChange | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = chooseAccount(ownFolder, use);
  chownSync(ownFolder, account.uid, account.gid);
  const closed = [ownFolder, ...needed].map((path) => closedPart(path, account)).find((part) => part !== undefined);
  if (closed === undefined) {
    return { account, ids: { uid: account.uid, gid: account.gid }, wrap: (command, args) => ({ command, args }) };
  }
  const capability = passingCapability();
  if (capability === undefined) {
    throw new StartError(
      [
        `${use.name} is not run as root, and the account ${account.name}, which would run it, cannot enter ${closed}. Ways out:`,
        '  run the command as an ordinary user;',
        `  let others pass: chmod o+x ${closed}, or move the project and TIDINGS_DATA_DIR to where they can;`,
        '  install setpriv (of util-linux);',
        `  use a ${use.name} that runs already: ${use.instead}.`,
      ].join('\n'),
    );
  }
  const privileges = [
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    `--bounding-set=-all,+${capability}`,
    // Otherwise access(2), by which the server looks at its own programs, disregards the privilege.
    '--securebits=+no_setuid_fixup',
  ];
  const change = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', ...privileges];
  return {
    account,
    ids: undefined,
    wrap: (command, args) => ({ command: 'setpriv', args: [...change, command, ...args] }),
  };
}

/** The owner of the folder's data; for a new folder, the first of the usual accounts. */
function chooseAccount(ownFolder: string, { name: server, instead }: AccountUse): Account {
  const { uid, gid } = statSync(ownFolder);
  const accounts = parseAccounts(readFileSync('/etc/passwd', 'utf8'));
  if (uid !== 0) return { name: accounts.find((entry) => entry.uid === uid)?.name ?? `number ${uid}`, uid, gid };
  for (const name of SERVER_ACCOUNTS) {
    const account = accounts.find((entry) => entry.name === name && entry.uid !== 0);
    if (account !== undefined) return account;
  }
  throw new StartError(
    `${server} is not run as root, and there is no account ${SERVER_ACCOUNTS.join(' or ')} to run it. Run the command as an ordinary user, or use a ${server} that runs already: ${instead}.`,
  );
}

/** @param text of /etc/passwd */
export function parseAccounts(text: string): readonly Account[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/**
 * The first part of a path, from the root on, that an account may not pass through or read. Access lists beyond the
 * usual nine bits are not looked at.
 */
export function closedPart(path: string, account: Account): string | undefined {
  const parts = [path];
  for (let part = path; dirname(part) !== part; part = dirname(part)) parts.unshift(dirname(part));
  return parts.find((part) => {
    const stats = statSync(part);
    const shift = stats.uid === account.uid ? 6 : stats.gid === account.gid ? 3 : 0;
    const needed = (stats.isDirectory() ? 0o1 : 0) | (part === path ? 0o4 : 0);
    return ((stats.mode >> shift) & needed) !== needed;
  });
}

function passingCapability(): string | undefined {
  if (spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
  return PASSING_CAPABILITIES.find(({ bit }) => (held >> bit) % 2n === 1n)?.name;
}
