/** Why a package gives no systems. No second try mends any of them. */
export const CATALOGUE_LOAD_ERRORS = {
  NOT_FOUND: 'cannot be found',
  BROKEN: 'cannot be loaded',
  NO_SYSTEMS: 'exports no systems; write `export const systems = [system({ … })]`',
} as const;

export type CatalogueLoadErrorCode = keyof typeof CATALOGUE_LOAD_ERRORS;

/** What `loadSystems` throws. */
export class CatalogueLoadError extends Error {
  override readonly name = 'CatalogueLoadError';
  readonly retriable = false;

  constructor(
    readonly code: CatalogueLoadErrorCode,
    /** The package or path as it was given. */
    readonly given: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${given} ${CATALOGUE_LOAD_ERRORS[code]}${detail}`, options);
  }
}
