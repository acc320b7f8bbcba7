import { type Problem, problemText } from './envelope.js';

/** Why systems cannot be added to a catalogue: mistakes of whoever declares or loads them, which no second try mends. */
export const CATALOGUE_ERRORS = {
  INVALID_SYSTEM: 'a system is declared wrongly',
  ALREADY_READ: 'systems cannot be added any more',
} as const;

export type CatalogueErrorCode = keyof typeof CATALOGUE_ERRORS;

/** What `Catalogue.extend` throws; nothing has been added then. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';
  readonly retriable = false;

  constructor(
    readonly code: CatalogueErrorCode,
    /** By the field of the declaration, which begins with the system's name, as in `shop.events.order.placed.version`. */
    readonly problems: readonly Problem[],
  ) {
    super(`${CATALOGUE_ERRORS[code]}: ${problems.map(problemText).join('; ')}`);
  }
}
