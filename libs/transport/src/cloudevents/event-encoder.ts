import { isAttributeText } from '@tidings/catalogue';
import type { HeaderValue, OutgoingRecord } from '../port.js';
import {
  ATTRIBUTE_PREFIX,
  CONTENT_TYPE_HEADER,
  JSON_CONTENT_TYPE,
  SPEC_VERSION,
  type EventAttributes,
} from './attribute-names.js';
import type { NATIVE_ORIGIN } from './native-marks.js';
import { NATIVE_ORIGIN_HEADER } from './native-marks.js';

/**
 * An event as a message, in the binary mode of the CloudEvents Kafka binding: attributes as headers, data as value.
 * @param kafkaTopic with the prefix
 * @param event its subject becomes the message key
 * @param data JSON text; it travels as it is
 * @param origin `native` when the gateway made it from a system's own event
 */
export function encodeEvent(
  kafkaTopic: string,
  event: EventAttributes,
  data: string | Buffer,
  origin?: typeof NATIVE_ORIGIN,
): OutgoingRecord {
  const headers: Record<string, HeaderValue> = {
    [CONTENT_TYPE_HEADER]: JSON_CONTENT_TYPE,
    ce_specversion: SPEC_VERSION,
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_time: event.time,
  };
  // One that was made from the data may be anything; whoever reads the event makes it again.
  if (event.subject !== undefined && isAttributeText(event.subject)) headers['ce_subject'] = event.subject;
  if (event.dataschema !== undefined) headers['ce_dataschema'] = event.dataschema;
  if (event.extensions !== undefined) {
    for (const [name, value] of Object.entries(event.extensions)) headers[ATTRIBUTE_PREFIX + name] = value;
  }
  if (origin !== undefined) headers[NATIVE_ORIGIN_HEADER] = origin;
  return { kafkaTopic, key: event.subject ?? null, headers, value: data };
}
