import { oneOf } from '../paging/parameter-rules.js';
import { Parameter, RepeatedParameter } from '../paging/query-parameters.js';
import { EVENT_FIELDS, MORE_FIELDS } from '../query/event-json.js';
import { EventFilterQuery } from '../query/event-query.js';

/** How exported events are written. */
export const EXPORT_FORMATS = ['ndjson', 'csv', 'cloudevents'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The parameters of an export. */
export class EventExportQuery extends EventFilterQuery {
  @RepeatedParameter({
    commas: true,
    description: 'Order: created (oldest first) or -created (newest first).',
    example: '-created',
    rule: oneOf(['created', '-created']),
  })
  override o?: readonly string[];

  @RepeatedParameter({
    commas: true,
    description: `Fields, of ${[...EVENT_FIELDS, ...MORE_FIELDS].join(', ')}. Defaults to the first five. A CloudEvent is always whole.`,
    example: 'created,type,subject',
    rule: oneOf([...EVENT_FIELDS, ...MORE_FIELDS]),
  })
  field?: readonly string[];

  @Parameter({
    description:
      'ndjson: one JSON object a line, as the list shows it. csv: a header and a row an event; a value that a spreadsheet would take for a formula has an apostrophe before it. cloudevents: one CloudEvent a line, with its whole payload, as streams say it and as POST /v1/events takes it.',
    example: 'csv',
    rule: oneOf(EXPORT_FORMATS),
  })
  format?: ExportFormat;
}
