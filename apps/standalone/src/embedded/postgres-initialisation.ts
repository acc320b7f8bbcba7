import { chownSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '@tidings/runtime';
import type { PostgresBinaries } from './postgres-binaries.js';
import { runProgram } from './program-run.js';
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
  const run = async (program: string, args: readonly string[], text = ''): Promise<string | undefined> => {
    const wrapped = account?.wrap(program, args) ?? { command: program, args };
    const options = { cwd: '/', ids: account?.ids, input: text, signal };
    const { code, output } = await runProgram(wrapped.command, wrapped.args, options);
    return code === 0 ? undefined : output;
  };
  try {
    for (const characters of CHARACTER_CLASSES) {
      rmSync(unfinished, { recursive: true, force: true });
      const problem = await run(binaries.initdb, [
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
      ]);
      if (problem === undefined) break;
      if (!problem.includes('invalid locale') || characters === CHARACTER_CLASSES.at(-1)) throw failure(problem);
    }
    const problem =
      (await run(binaries.postgres, ['--single', '-D', unfinished, 'postgres'], `CREATE DATABASE ${database}\n`)) ??
      (await run(binaries.initdb, [`--pgdata=${unfinished}`, '--sync-only']));
    if (problem !== undefined) throw failure(problem);
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
