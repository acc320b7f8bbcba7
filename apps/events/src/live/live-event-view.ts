import { formatTime, timeOfUuid } from '@tidings/catalogue';
import type { TypeDictionary } from '../query/type-dictionary.js';
import type { LiveEvent } from './live-events.js';
import type { LiveRow } from './live-row.js';
import { positionText } from './store-position.js';

/** A row as streams hand it out. @param dictionary that has its type and its source */
export function liveEventOf(row: LiveRow, dictionary: TypeDictionary): LiveEvent {
  const type = dictionary.byNumber(row.typeId);
  const source = dictionary.sourceByNumber(row.sourceId);
  if (type === undefined || source === undefined) {
    throw new RangeError('an event is of a type or a source that the store does not have');
  }
  const { time, ...attributes } = (row.attributes === null ? {} : JSON.parse(row.attributes)) as Record<
    string,
    unknown
  >;
  return {
    position: positionText(row.position),
    id: row.id,
    typeId: row.typeId,
    system: type.system,
    type: type.type,
    nativeType: type.nativeType,
    source: source.source,
    subject: row.subject ?? undefined,
    eventId: row.eventId,
    time: typeof time === 'string' ? time : formatTime(timeOfUuid(row.id)),
    message: row.message,
    data: row.data,
    attributes: Object.keys(attributes).length === 0 ? undefined : JSON.stringify(attributes),
  };
}
