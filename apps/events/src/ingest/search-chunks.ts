/** An index of the search text of the ids from `from` to before `to` of one partition; ids as PostgreSQL prints them. */
export interface SearchChunk {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** How many rows it had when it was made; 0 where its making was cut off before that was noted. */
  readonly rows: number;
  /** Whether its making came to its end. */
  readonly isValid: boolean;
}

/** The part of a partition that no index has: its upper end. */
export interface Tail {
  /** How many rows are worth an index now. */
  readonly rows: number;
  /** Before which id they lie; the newest rows are left out, beside which others still come in. */
  readonly to: string;
}

export interface ChunkPlan {
  /** Names of indexes that are of no use. */
  readonly drop: readonly string[];
  readonly make?: ChunkToMake;
}

export interface ChunkToMake {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
  /** Names of the indexes that it takes the place of. */
  readonly replaces: readonly string[];
}

/** Indexes that are whole, oldest first, and those that are leftovers: broken off, or merged into another. */
export function sortedChunks(chunks: readonly SearchChunk[]): {
  readonly whole: readonly SearchChunk[];
  readonly leftovers: readonly SearchChunk[];
} {
  const whole: SearchChunk[] = [];
  const leftovers: SearchChunk[] = [];
  const larger = (a: SearchChunk, b: SearchChunk): number =>
    a.from === b.from ? (a.to > b.to ? -1 : 1) : a.from < b.from ? -1 : 1;
  for (const chunk of [...chunks].sort(larger)) {
    const last = whole.at(-1);
    const isBeside = last === undefined || chunk.from >= last.to;
    (chunk.isValid && isBeside ? whole : leftovers).push(chunk);
  }
  return { whole, leftovers };
}

/**
 * What to do for a partition that is written to. An index is made of the tail when that is long enough, and takes in the
 * ones before it while they are no larger: so there are about as many indexes as the number of rows has doublings, and a
 * row is indexed as often.
 * @param start the partition's first id
 * @param fewest rows that are read faster than an index of them
 */
export function chunkPlan(chunks: readonly SearchChunk[], start: string, tail: Tail, fewest: number): ChunkPlan {
  const { whole, leftovers } = sortedChunks(chunks);
  const drop = leftovers.map(({ name }) => name);
  if (tail.rows < fewest || tail.rows === 0) return { drop };
  const kept = [...whole];
  const replaces: string[] = [];
  let { rows } = tail;
  let from = whole.at(-1)?.to ?? start;
  for (let last = kept.pop(); last !== undefined && last.rows <= rows; last = kept.pop()) {
    rows += last.rows;
    ({ from } = last);
    replaces.push(last.name);
  }
  return { drop, make: { from, to: tail.to, rows, replaces } };
}
