import { type Catalogue, catalogue, CatalogueError } from '@tidings/catalogue';
import { StartError } from '@tidings/settings';
import { CatalogueLoadError } from './catalogue-load-error.js';
import { loadSystems } from './system-package.js';

/**
 * Adds the systems that TIDINGS_CATALOGUES names to the catalogue. Every process calls it before it imports what reads
 * the catalogue: topics, groups, validators, sources and the API's document are made of what is in it then.
 * @throws {StartError} that names the package and what is wrong with it
 */
export async function loadCatalogues(
  { catalogues }: { readonly catalogues: readonly string[] },
  into: Catalogue = catalogue,
): Promise<void> {
  if (catalogues.length === 0) return;
  try {
    const systems: unknown[] = [];
    for (const given of catalogues) systems.push(...(await loadSystems(given)));
    into.extend(systems);
  } catch (error) {
    if (!(error instanceof CatalogueLoadError) && !(error instanceof CatalogueError)) throw error;
    throw new StartError(`TIDINGS_CATALOGUES: ${error.message}`, { cause: error });
  }
}
