/** A page of a list of the notification API. */
interface Page {
  readonly total_count: number;
  readonly limit: number;
  readonly offset: number;
}

/** The longest page there is. */
const LIMIT = 100;
/** Nobody reads more on one screen; whoever has more searches. */
const MOST_PAGES = 20;

/** Reads a list page by page. @param entriesOf the entries of a page */
export async function wholeList<P extends Page, T>(
  pageAt: (slice: { limit: number; offset: number }) => Promise<P>,
  entriesOf: (page: P) => readonly T[],
): Promise<readonly T[]> {
  const entries: T[] = [];
  for (let number = 0; number < MOST_PAGES; number += 1) {
    const page = await pageAt({ limit: LIMIT, offset: number * LIMIT });
    entries.push(...entriesOf(page));
    if (entries.length >= page.total_count || entriesOf(page).length === 0) break;
  }
  return entries;
}
