export { CATALOGUE_LOAD_ERRORS, CatalogueLoadError, type CatalogueLoadErrorCode } from './catalogue-load-error.js';
export { loadCatalogues } from './load-catalogues.js';
export { loadSystems } from './system-package.js';
