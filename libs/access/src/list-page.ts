import { pageCount, type PageRequest } from '@tidings/runtime';

/** A part of a list. */
export interface ListPage<T> {
  /** How many there are in the whole list. */
  readonly total: number;
  readonly entries: readonly T[];
}

/** Where a page begins, and how long it is. */
export function sliceOf({ number, size }: PageRequest, total: number): { limit: number; offset: number } {
  const page = number === 'last' ? pageCount(total, size) : number;
  return { limit: size, offset: Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER) };
}
