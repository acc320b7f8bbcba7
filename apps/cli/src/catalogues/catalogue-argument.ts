import { readFile } from 'node:fs/promises';
import {
  Catalogue,
  catalogue,
  CatalogueError,
  catalogueSnapshot,
  snapshotProblem,
  type CatalogueSnapshot,
} from '@tidings/catalogue';
import { CatalogueLoadError, loadSystems } from '@tidings/catalogue-loading';
import { CommandFailure } from '../command-failure.js';
import { OWN_CATALOGUE } from './own-catalogue.js';

/**
 * Reads a catalogue as it is named on the command line.
 * @param given `tidings`; a file that `tidings catalogue snapshot` wrote, ending in .json; or a package or a path, as in
 *   TIDINGS_CATALOGUES
 * @throws {CommandFailure}
 */
export async function readCatalogue(given: string): Promise<CatalogueSnapshot> {
  if (given === OWN_CATALOGUE) return catalogueSnapshot(catalogue);
  return given.endsWith('.json') ? readSnapshot(given) : readPackage(given);
}

async function readSnapshot(path: string): Promise<CatalogueSnapshot> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandFailure('notFound', `${path} cannot be read: ${messageOf(error)}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommandFailure('failed', `${path} is not JSON.`, ADVICE);
  }
  const problem = snapshotProblem(value);
  if (problem !== undefined) throw new CommandFailure('failed', `${path} ${problem}.`, ADVICE);
  return value as CatalogueSnapshot;
}

const ADVICE = ['tidings catalogue snapshot ./my-events > my-events.json writes one.'];

async function readPackage(given: string): Promise<CatalogueSnapshot> {
  const read = new Catalogue([]);
  try {
    read.extend(await loadSystems(given));
  } catch (error) {
    if (error instanceof CatalogueLoadError) {
      throw new CommandFailure(error.code === 'NOT_FOUND' ? 'notFound' : 'failed', `${error.message}.`);
    }
    if (error instanceof CatalogueError) {
      const advice = error.problems.map(({ field, problem }) => `${field} ${problem}`);
      throw new CommandFailure('failed', `${given} declares a system wrongly:`, advice);
    }
    throw error;
  }
  return catalogueSnapshot(read);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
