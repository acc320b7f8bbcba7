import { parseFilter } from './filter-parser.js';
import { FilterError, type Filter } from './filter.js';

/** A filter among others: equal texts have the same number, and so are evaluated once for an event. */
export interface NumberedFilter {
  readonly number: number;
  readonly filter: Filter;
}

/**
 * The filters of one snapshot of the configuration, each text compiled once. What the former snapshot had compiled is
 * taken over, so that a toggle does not cost compiling a thousand filters.
 */
export class FilterTable {
  private readonly byText = new Map<string, NumberedFilter>();

  constructor(
    private readonly former: FilterTable | undefined,
    /** Told of texts that are no filters; they match nothing. A filter is parsed when it is saved, so there are none. */
    private readonly onUnreadable: (text: string, error: FilterError) => void,
  ) {}

  get size(): number {
    return this.byText.size;
  }

  filterOf(text: string): NumberedFilter {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const numbered = { number: this.byText.size, filter: this.former?.byText.get(text)?.filter ?? this.compile(text) };
    this.byText.set(text, numbered);
    return numbered;
  }

  private compile(text: string): Filter {
    try {
      return parseFilter(text);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      this.onUnreadable(text, error);
      return parseFilter('false');
    }
  }
}
