import { encodeEvent, prefixed, type EventAttributes, type OutgoingRecord } from '@tidings/transport';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ATTRIBUTE = 'ce_';
/** Attributes with a column of their own; the others are extensions. */
const COLUMNS: ReadonlySet<string> = new Set(['specversion', 'id', 'source', 'type', 'time', 'subject', 'dataschema']);

/** What is inserted, in the order of {@link INSERTED_COLUMNS}. */
export type InsertedRow = readonly (string | null)[];

/** The columns that a publisher fills; the others have their defaults. */
export const INSERTED_COLUMNS = [
  ...['id', 'event_id', 'aggregatetype', 'aggregateid', 'type', 'payload', 'source', 'time', 'dataschema'],
  'extensions',
] as const;

/**
 * A message as the row that waits for it to be sent.
 * @param record made without a prefix
 */
export function rowOf(id: string, { kafkaTopic, key, headers, value }: OutgoingRecord): InsertedRow {
  const attributes = new Map(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(ATTRIBUTE))
      .map(([name, text]) => [name.slice(ATTRIBUTE.length), String(text)]),
  );
  const extensions = Object.fromEntries([...attributes].filter(([name]) => !COLUMNS.has(name)));
  const isUuid = UUID.test(id);
  return [
    isUuid ? id : null,
    isUuid ? null : id,
    kafkaTopic,
    key === null ? null : String(key),
    attributes.get('type') ?? '',
    String(value),
    attributes.get('source') ?? '',
    attributes.get('time') ?? null,
    attributes.get('dataschema') ?? null,
    Object.keys(extensions).length === 0 ? null : JSON.stringify(extensions),
  ];
}

/** A row as a relay reads it. */
export interface WaitingRow {
  /** Decimal text: JavaScript's numbers end too early. */
  readonly sequence: string;
  readonly id: string;
  readonly aggregatetype: string;
  readonly aggregateid: string | null;
  readonly type: string;
  readonly payload: string;
  readonly source: string;
  readonly time: string;
  readonly dataschema: string | null;
  readonly extensions: Readonly<Record<string, unknown>> | null;
}

/** The message that a row waits to become: the same whoever sends it, and however often. */
export function recordOf(row: WaitingRow, prefix: string): OutgoingRecord {
  const event: { -readonly [Name in keyof EventAttributes]: EventAttributes[Name] } = {
    id: row.id,
    source: row.source,
    type: row.type,
    time: row.time,
  };
  if (row.aggregateid !== null) event.subject = row.aggregateid;
  if (row.dataschema !== null) event.dataschema = row.dataschema;
  if (row.extensions !== null) {
    event.extensions = Object.fromEntries(Object.entries(row.extensions).map(([name, text]) => [name, String(text)]));
  }
  return encodeEvent(prefixed(prefix, row.aggregatetype), event, row.payload);
}
