import { OUTCOMES, type Catalogue } from '@tidings/catalogue';
import { escapeLiteral } from '@tidings/database';
import { branchesOf } from '../query/event-branches.js';
import type { EventCriteria } from '../query/event-criteria.js';
import type { EventOrder } from '../query/event-filter.js';
import type { ShownField } from '../query/event-json.js';
import { Values, type Statement } from '../query/statement.js';
import type { ExportFormat } from './export-query.js';

/** The COPY that writes an export, so that the database writes each line and this process only passes bytes on. */
export function exportStatement(
  criteria: EventCriteria,
  order: EventOrder,
  fields: readonly ShownField[],
  format: ExportFormat,
  catalogue: Catalogue,
): string {
  const columns = COLUMNS_OF[format](fields, catalogue);
  // A type is looked up event by event, and remembered: a join of the sets would lose the order.
  return `COPY (
    SELECT ${columns.join(', ')}
    FROM (${inlined(selection(criteria, order))}) AS event
    CROSS JOIN LATERAL (
      SELECT system, type, native_type FROM events.event_type WHERE id = event.type_id OFFSET 0
    ) AS type
    CROSS JOIN LATERAL (SELECT source, site FROM events.source WHERE id = event.source_id OFFSET 0) AS source
  ) TO STDOUT (${COPY_OPTIONS[format]})`;
}

const COLUMNS_OF: Readonly<
  Record<ExportFormat, (fields: readonly ShownField[], catalogue: Catalogue) => readonly string[]>
> = {
  ndjson: (fields, catalogue) => [jsonLine(fields, catalogue)],
  csv: (fields, catalogue) => fields.map((field) => csvColumn(field, catalogue)),
  cloudevents: () => [cloudEventLine()],
};

const EVENT_COLUMNS = 'id, time, type_id, source_id, event_id, subject, outcome, conforming, message, data, attributes';

function selection(criteria: EventCriteria, order: EventOrder): Statement {
  const values = new Values();
  const selects = branchesOf(criteria, values).map(
    (branch) =>
      `SELECT ${EVENT_COLUMNS} FROM events.event${branch.length === 0 ? '' : ` WHERE ${branch.join(' AND ')}`}`,
  );
  const direction = order === 'newest-first' ? 'DESC' : 'ASC';
  return { text: `${selects.join(' UNION ALL ')} ORDER BY id ${direction}`, values: values.list };
}

/**
 * JSON text holds no control characters but white space, so with two of them as delimiter and quote nothing in it is
 * ever quoted or escaped: the lines come out as they are.
 */
const JSON_LINES = "FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02'";

const COPY_OPTIONS: Readonly<Record<ExportFormat, string>> = {
  ndjson: JSON_LINES,
  cloudevents: JSON_LINES,
  csv: 'FORMAT csv, HEADER',
};

function jsonLine(fields: readonly ShownField[], catalogue: Catalogue): string {
  const members = fields.map((field) => {
    const { text, isJson } = valueOf(field, catalogue);
    return `'"${field}":' || ${isJson ? text : jsonText(text)}`;
  });
  return `'{' || ${members.join(" || ',' || ")} || '}'`;
}

/** @param text an expression of the type text, which may be null */
function jsonText(text: string): string {
  return `coalesce(to_json(${text})::text, 'null')`;
}

/** An event in the JSON format of CloudEvents: what streams say of it, and what `POST /v1/events` takes. */
function cloudEventLine(): string {
  return `'{"specversion":"1.0","id":' || to_json(event.event_id)::text || ',"source":' || to_json(source.source)
    || ',"type":' || to_json(type.type)::text || coalesce(',"subject":' || to_json(event.subject)::text, '')
    || CASE WHEN strpos(event.attributes::text, '"time":') > 0 THEN '' ELSE ',"time":"' || ${CREATED} || '"' END
    || ',"datacontenttype":"application/json"'
    || coalesce(',' || nullif(substr(event.attributes::text, 2, length(event.attributes::text) - 2), ''), '')
    || ',"data":' || ${PAYLOAD} || '}'`;
}

/** With an apostrophe before what a spreadsheet would calculate: it then shows the text. */
function csvColumn(field: ShownField, catalogue: Catalogue): string {
  const { text, isFree } = valueOf(field, catalogue);
  const harmless = isFree ? `CASE WHEN ${text} ~ ${FORMULA} THEN '''' || ${text} ELSE ${text} END` : text;
  return `${harmless} AS "${field}"`;
}

const FORMULA = String.raw`E'^[-=+@\t\r\n＝＋－＠]'`;

interface Value {
  /** An expression of the type text. */
  readonly text: string;
  readonly isJson: boolean;
  /** Whoever sends events chooses how it begins. */
  readonly isFree: boolean;
}

function valueOf(field: ShownField, catalogue: Catalogue): Value {
  switch (field) {
    case 'uuid':
      return { text: "replace(event.id::text, '-', '')", isJson: false, isFree: false };
    case 'created':
      return { text: CREATED, isJson: false, isFree: false };
    case 'event_type':
      return { text: 'type.native_type', isJson: false, isFree: true };
    case 'message':
      return { text: 'event.message', isJson: false, isFree: true };
    case 'context':
      return { text: contextOf(catalogue), isJson: true, isFree: false };
    case 'system':
      return { text: 'type.system', isJson: false, isFree: false };
    case 'type':
      return { text: 'type.type', isJson: false, isFree: true };
    case 'source':
      return { text: 'source.source', isJson: false, isFree: true };
    case 'site':
      return { text: 'source.site', isJson: false, isFree: true };
    case 'id':
      return { text: 'event.event_id', isJson: false, isFree: true };
    case 'subject':
      return { text: 'event.subject', isJson: false, isFree: true };
    case 'outcome':
      return { text: OUTCOME, isJson: false, isFree: false };
    case 'conforming':
      return { text: 'event.conforming::text', isJson: true, isFree: false };
    case 'cloudevent':
      return { text: cloudEventLine(), isJson: true, isFree: false };
  }
}

/** PostgreSQL has no year 0: what RFC 3339 calls so is the year 1 before Christ. */
const CREATED = `CASE WHEN event.time >= '0001-01-01T00:00:00Z'
  THEN to_char(event.time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  ELSE '0000' || to_char(event.time AT TIME ZONE 'UTC', '-MM-DD"T"HH24:MI:SS.US"Z"') END`;

const OUTCOME = `CASE event.outcome ${OUTCOMES.map((name, index) => `WHEN ${index} THEN '${name}'`).join(' ')} END`;

/** The payload's text on one line: a line break in JSON is never but white space between its parts. */
const PAYLOAD = `replace(replace(event.data::text, E'\\n', ' '), E'\\r', ' ')`;

function contextOf(catalogue: Catalogue): string {
  const cases = catalogue
    .systems()
    .filter(({ contextField }) => contextField !== undefined)
    .map(({ name, contextField = '' }) => {
      const member = memberOf(escapeLiteral(contextField));
      return `WHEN ${escapeLiteral(name)} THEN (SELECT ${contextObject('json', contextField)} FROM (SELECT ${member} AS json) AS context)`;
    });
  const payload = `(SELECT ${contextObject('json', 'data')} FROM (SELECT btrim(${PAYLOAD}, E' \\t') AS json) AS payload)`;
  return `CASE type.system ${cases.join(' ')} ELSE ${payload} END`;
}

/** As `contextObject` of the list: nothing becomes an empty object, and anything else is put into one. */
function contextObject(json: string, name: string): string {
  const opening = escapeLiteral(`{${JSON.stringify(name)}:`);
  return `CASE WHEN ${json} IS NULL OR ${json} = 'null' THEN '{}'
    WHEN starts_with(${json}, '{') THEN ${json}
    ELSE ${opening} || ${json} || '}' END`;
}

/**
 * A member of the payload as it is written. PostgreSQL takes it out so, but refuses a payload with an escape that no text
 * can hold (a NUL, half a surrogate pair). Such escapes, which are rare, are written as something else meanwhile; "~" is
 * what they are told by, and so has a spelling of its own then.
 */
function memberOf(name: string): string {
  const spelled = `replace(replace(${PAYLOAD}, '~', '~0'), ${BACKSLASHES}, '~1')`;
  const marked = `regexp_replace(${spelled}, ${UNHOLDABLE}, '~2\\1', 'g')`;
  const member = `(${marked}::json -> ${name})::text`;
  const unmarked = `replace(replace(replace(${member}, '~2', ${ESCAPE}), '~1', ${BACKSLASHES}), '~0', '~')`;
  // The line breaks are taken out behind the look-up, where there is less to look through.
  return `CASE WHEN strpos(event.data::text, ${ESCAPE}) = 0 OR event.data::text !~ ${UNHOLDABLE}
    THEN replace(replace((event.data -> ${name})::text, E'\\n', ' '), E'\\r', ' ')
    ELSE ${unmarked} END`;
}

const BACKSLASHES = String.raw`E'\\\\'`;
const ESCAPE = String.raw`E'\\u'`;
const UNHOLDABLE = String.raw`E'\\\\u(0000|[dD][89a-fA-F]..)'`;

/** COPY takes no parameters, so the values become literals, quoted by the driver's own rules. */
function inlined({ text, values }: Statement): string {
  return text.replace(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1]));
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return escapeLiteral(String(value));
  throw new TypeError(`a ${typeof value} cannot be written into a statement`);
}
