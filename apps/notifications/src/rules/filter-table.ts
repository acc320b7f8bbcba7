import { EventPaths } from './event-path.js';
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
  private readonly paths: EventPaths;
  /** The former table's filters, and not the table: it would keep the one before it, and so all there ever were. */
  private readonly formerByText: ReadonlyMap<string, NumberedFilter> | undefined;

  /** @param onUnreadable told of texts that are no filters; they match nothing. They are refused when they are saved. */
  constructor(
    former: FilterTable | undefined,
    private readonly onUnreadable: (text: string, error: FilterError) => void,
  ) {
    this.formerByText = former?.byText;
    this.paths = new EventPaths(former?.paths);
  }

  get size(): number {
    return this.byText.size;
  }

  filterOf(text: string): NumberedFilter {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const numbered = { number: this.byText.size, filter: this.takenOver(text) ?? this.compile(text) };
    this.byText.set(text, numbered);
    return numbered;
  }

  private takenOver(text: string): Filter | undefined {
    const filter = this.formerByText?.get(text)?.filter;
    if (filter !== undefined) this.paths.adopt(filter.paths);
    return filter;
  }

  private compile(text: string): Filter {
    try {
      return parseFilter(text, this.paths);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      this.onUnreadable(text, error);
      return parseFilter('false');
    }
  }
}
