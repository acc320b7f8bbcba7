import { pageCount, type PageRequest } from '@tidings/runtime';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 300;

// What Django REST reads as a whole number: blanks around it and a sign are fine.
const WHOLE_NUMBER = /^\s*\+?(\d+)\s*$/;

/**
 * @param text the `page` parameter as it came; missing or empty is the first page
 * @returns undefined when it can be no page at all. A number too large to count with is as large as can be counted:
 *   both lie behind the end
 */
export function parsePageNumber(text: string | undefined): number | 'last' | undefined {
  if (text === undefined || text === '') return 1;
  if (text === 'last') return 'last';
  const digits = WHOLE_NUMBER.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const number = Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
  return number === 0 ? undefined : number;
}

/**
 * As Django REST does it, whose clients expect it: what is no positive number is as good as missing, and too large a
 * page is cut to the largest.
 * @param text the `page_size` parameter as it came
 */
export function parsePageSize(text: string | undefined): number {
  const digits = WHOLE_NUMBER.exec(text ?? '')?.[1];
  const size = digits === undefined ? 0 : Number(digits);
  return size === 0 ? DEFAULT_PAGE_SIZE : Math.min(size, MAX_PAGE_SIZE);
}

/** @param text the `page_bytes` parameter as it came; what is no positive number is as good as missing */
export function parsePageBytes(text: string | undefined): number | undefined {
  const digits = WHOLE_NUMBER.exec(text ?? '')?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** The number of the page that was asked for, or undefined when it lies behind the end. */
export function pageWithin(request: PageRequest, total: number): number | undefined {
  const last = pageCount(total, request.size);
  if (request.number === 'last') return last;
  return request.number <= last ? request.number : undefined;
}
