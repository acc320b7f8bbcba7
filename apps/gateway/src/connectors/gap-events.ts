import { type Catalogue, contentId, type PayloadOf } from '@tidings/catalogue';
import { encodeEvent, type OutgoingRecord, prefixed } from '@tidings/transport';

const TYPE = 'io.tidings.connector.gap';
const SOURCE = '/tidings/main';

/** A stretch of time for which a connector cannot say that nothing is missing. */
export interface Gap {
  readonly connector: string;
  /** The source that the connector's events have. */
  readonly eventSource: string;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly reason: PayloadOf<typeof TYPE>['reason'];
}

/** Says over the bus itself that events may be missing. Told twice, a gap is one event. */
export function gapRecord(gap: Gap, catalogue: Catalogue, prefix: string): OutgoingRecord {
  const type = catalogue.type(TYPE);
  if (type === undefined) throw new Error(`The catalogue has no ${TYPE}`);
  const [from, to] = [new Date(gap.from).toISOString(), new Date(gap.to).toISOString()];
  const data: PayloadOf<typeof TYPE> = {
    connector: gap.connector,
    event_source: gap.eventSource,
    from,
    to,
    seconds: (gap.to - gap.from) / 1_000,
    reason: gap.reason,
  };
  const subject = type.subjectOf(data);
  return encodeEvent(
    prefixed(prefix, type.kafkaTopic),
    {
      id: contentId(`${TYPE} ${gap.connector} ${from} ${to}`),
      source: SOURCE,
      type: type.type,
      time: to,
      dataschema: type.dataschema,
      ...(subject !== undefined && { subject }),
    },
    JSON.stringify(data),
  );
}
