/** Which page of a list is asked for. Pages count from 1. */
export interface PageRequest {
  readonly number: number | 'last';
  readonly size: number;
}

/** How many pages there are; an empty list has one. @param total how many entries the whole list has */
export function pageCount(total: number, size: number): number {
  return Math.max(1, Math.ceil(total / size));
}
