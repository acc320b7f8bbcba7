import { catalogue } from '@tidings/catalogue';
import { oneOf } from '../paging/parameter-rules.js';
import { RepeatedParameter } from '../paging/query-parameters.js';

const SYSTEMS = catalogue.systems().map(({ name }) => name);

/** The parameters that choose event types; any of the values of each. */
export class CatalogueQuery {
  @RepeatedParameter({ description: 'Types of these systems.', example: 'waldur', rule: oneOf(SYSTEMS) })
  system?: readonly string[];

  /** A group that no system has chooses nothing, as `feature` does for events. */
  @RepeatedParameter({ description: 'Types in these groups.', example: 'customers' })
  group?: readonly string[];
}
