import { IsOneOf } from '../paging/parameter-rules.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { EventFilterQuery } from '../query/event-query.js';

/** How exported events are written. */
export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The parameters of an export. */
export class EventExportQuery extends EventFilterQuery {
  @RepeatedParameter({
    description: 'Shows only these fields; all of them when none of the names is known.',
    example: 'uuid',
  })
  field?: readonly string[];

  @Parameter({
    description:
      'ndjson: one JSON object a line, as the list shows it. csv: a header and a row an event; a value that a spreadsheet would take for a formula has an apostrophe before it.',
    example: 'csv',
  })
  @IsOneOf(EXPORT_FORMATS)
  format?: ExportFormat;
}
