/** Which part of a list is asked for. Pages count from 1. */
export interface ListSlice {
  readonly number: number | 'last';
  readonly size: number;
}

/** A part of a list. */
export interface ListPage<T> {
  /** How many there are in the whole list. */
  readonly total: number;
  readonly entries: readonly T[];
}

/** Where a page begins, and how long it is. */
export function sliceOf({ number, size }: ListSlice, total: number): { limit: number; offset: number } {
  const page = number === 'last' ? Math.max(1, Math.ceil(total / size)) : number;
  return { limit: size, offset: Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER) };
}
