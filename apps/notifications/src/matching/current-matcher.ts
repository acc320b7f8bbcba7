import { Inject, Injectable, Logger } from '@nestjs/common';
import { catalogue } from '@tidings/catalogue';
import { CONFIGURATION, type Configuration, type ConfigurationSource } from '../configuration/configuration.js';
import { FilterTable } from '../rules/filter-table.js';
import { EventMatcher } from './event-matcher.js';
import { RuleIndex } from './rule-index.js';

/** The rules as they are now, made ready for matching once for each snapshot of the configuration. */
@Injectable()
export class CurrentMatcher {
  private readonly logger = new Logger('Matching');
  private made: { readonly of: Configuration; readonly index: RuleIndex } | undefined;

  constructor(@Inject(CONFIGURATION) private readonly configuration: ConfigurationSource) {}

  /** The version of the configuration that is matched by. */
  get version(): bigint {
    return this.index().version;
  }

  /** For one caller: a matcher follows one event at a time, and may be interrupted in between. */
  matcher(): EventMatcher {
    return new EventMatcher(this.index());
  }

  private index(): RuleIndex {
    const now = this.configuration.current();
    if (this.made?.of !== now) {
      const filters = new FilterTable(this.made?.index.filters, (text, error) =>
        this.logger.error(`A filter cannot be read and matches nothing: ${error.message} ${text.slice(0, 200)}`),
      );
      this.made = { of: now, index: new RuleIndex(now, catalogue, filters) };
    }
    return this.made.index;
  }
}
