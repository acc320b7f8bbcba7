import type { Room } from './import-table.mjs';

export interface RoomImports {
  readonly room: Room;
  /** The rooms that its code imports, in the table's order. */
  readonly rooms: readonly string[];
  /** Of the packages that the table speaks of, those that its code imports. */
  readonly packages: readonly string[];
}

export interface Survey {
  /** What each room imports, in the table's order. */
  readonly imports: readonly RoomImports[];
  /** What breaks a rule. */
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
  /** How many modules were read. */
  readonly modules: number;
}

/** Reads the imports of a whole project (its absolute folder) and holds them against the rules. */
export function survey(root: string): Promise<Survey>;

/** What a row of the table allows, in words, as docs/ARCHITECTURE.md says it. */
export function allowance(room: Room): string;
