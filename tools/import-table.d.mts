/** One room of the house: a library, an app, or the tests. */
export interface Room {
  /** What the table and the rules call it; its package is `@tidings/<name>`. */
  readonly name: string;
  /** Where it lives, relative to the root. */
  readonly folder: string;
  /** The rooms it may import, through their doors; `*` is all of them. */
  readonly rooms: readonly string[] | '*';
  /** The guarded packages it may import; `*` is all of them. */
  readonly packages: readonly string[] | '*';
  /** Guarded packages that only its storage files may import. */
  readonly storagePackages?: readonly string[];
  /** It imports no package but those of its row, and does no I/O. */
  readonly pure?: boolean;
}

export const ROOMS: readonly Room[];
export const GUARDED_PACKAGES: readonly string[];
export const CORE_IO: readonly string[];
export const STORAGE_FILES: string;
