import { spawn } from 'node:child_process';
import { chownSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '@tidings/runtime';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { AccountChange } from './server-account.js';

export interface PostgresInitialisation {
  readonly binaries: PostgresBinaries;
  /** The server's own folder; belongs to its account. */
  readonly folder: string;
  /** Does not exist yet; stands when everything has succeeded, and never half-made. */
  readonly data: string;
  readonly account: AccountChange | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * How characters are classified (letters for full-text and trigram search). Not every system knows the first; the
 * order of text does not depend on it.
 */
const CHARACTER_CLASSES = ['C.UTF-8', 'en_US.UTF-8', 'C'] as const;

/**
 * Makes a new cluster with its user and its database: UTF-8, text in the order of its code points on every platform.
 *
 * @param signal gives up
 * @throws {StartError} with what the program said
 */
export async function initialisePostgres(input: PostgresInitialisation, signal?: AbortSignal): Promise<void> {
  const { binaries, folder, data, account, user, password, database } = input;
  const unfinished = `${data}.new`;
  const passwordFile = join(folder, 'initial-password');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) chownSync(passwordFile, account.account.uid, account.account.gid);
  try {
    for (const characters of CHARACTER_CLASSES) {
      rmSync(unfinished, { recursive: true, force: true });
      const initialised = await runAs(
        account,
        binaries.initdb,
        [
          `--pgdata=${unfinished}`,
          `--username=${user}`,
          `--pwfile=${passwordFile}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
          '--locale-provider=builtin',
          '--builtin-locale=C.UTF-8',
          '--locale=C',
          `--lc-ctype=${characters}`,
          // What is interrupted is thrown away, so nothing has to be on the disk before the end.
          '--no-sync',
          '--no-instructions',
        ],
        '',
        signal,
      );
      if (initialised.code === 0) break;
      if (!/invalid locale/.test(initialised.output) || characters === 'C') throw failure(initialised.output);
    }
    const made = await runAs(
      account,
      binaries.postgres,
      ['--single', '-D', unfinished, 'postgres'],
      `CREATE DATABASE ${database}\n`,
      signal,
    );
    if (made.code !== 0) throw failure(made.output);
    const synced = await runAs(account, binaries.initdb, [`--pgdata=${unfinished}`, '--sync-only'], '', signal);
    if (synced.code !== 0) throw failure(synced.output);
    renameSync(unfinished, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function failure(output: string): StartError {
  return new StartError(
    `PostgreSQL's data could not be initialised:\n${output.trim().split('\n').slice(-8).join('\n')}`,
  );
}

async function runAs(
  account: AccountChange | undefined,
  program: string,
  programArgs: readonly string[],
  input: string,
  signal?: AbortSignal,
): Promise<{ code: number | null; output: string }> {
  const { command, args } = account?.wrap(program, programArgs) ?? { command: program, args: programArgs };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], signal, ...account?.ids });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.once('error', (error) =>
      reject(signal?.aborted === true ? error : new StartError(`PostgreSQL could not be started: ${error.message}`)),
    );
    child.once('close', (code) => resolve({ code, output }));
    // A program that ends before it has read its input breaks the pipe; its exit code says more than that.
    child.stdin.on('error', () => undefined).end(input);
  });
}
