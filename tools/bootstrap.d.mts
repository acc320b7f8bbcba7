export interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/** Throws, with the message to show, when this version of Node is too old. */
export function checkNode(version: string): void;

/** Whether the node_modules of a project (its absolute folder) holds what the lockfile asks for. */
export function isInstalled(lockfile: Lockfile, root: string): boolean;
