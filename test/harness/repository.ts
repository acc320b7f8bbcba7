import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's root folder; found by its lockfile, since this file runs from test/ and from test/dist/. */
export const REPOSITORY = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('The harness runs outside of the project.');
  return rootAbove(dirname(folder));
}
