import { HOPS_HEADER, isJsonObject, parseJson, stringifyJson } from '@tidings/catalogue';
import { decodeStructured, encodeEvent, type OutgoingRecord } from '@tidings/transport';
import { MEMBERS_EXTENSION, packedEvent } from '../../matching/sent-members.js';
import type { Shipment } from '../destination-type.js';
import { nextHop } from '../next-hop.js';

const RAW_CONTROL = /[\n\r\t]/g;

/**
 * The event as it travels on the bus, attributes as headers; and as its value the data's own bytes, or what a template makes.
 * @returns undefined where a template does not give JSON
 */
export function eventRecord(shipment: Shipment, kafkaTopic: string): OutgoingRecord | undefined {
  const { eventText, kafkaKey, messageId, rendered } = shipment;
  const decoded = decodedEvent(eventText);
  if (decoded.kind !== 'event') throw new TypeError('what is shipped is no event');
  const templated = rendered === undefined ? undefined : templatedRecord(rendered.body);
  if (rendered !== undefined && templated === undefined) return undefined;
  const record = encodeEvent(kafkaTopic, decoded.event, templated?.value ?? decoded.data);
  const isJson = templated === undefined || isJsonText(templated.value);
  return {
    ...record,
    key: templated?.key ?? kafkaKey,
    headers: {
      ...record.headers,
      ...(!isJson && { 'content-type': 'text/plain; charset=utf-8' }),
      // Whoever reads there can tell a redelivery by it, as receivers of webhooks can.
      'webhook-id': messageId,
      [HOPS_HEADER]: String(nextHop(eventText)),
    },
  };
}

/** Next to no event has members beside its attributes, which only taking it apart tells: that is done where it is needed. */
function decodedEvent(eventText: string): ReturnType<typeof decodeStructured> {
  const decoded = decodeStructured(Buffer.from(eventText), false);
  if (decoded.kind === 'event' && decoded.event.extensions?.[MEMBERS_EXTENSION] === undefined) return decoded;
  return decodeStructured(Buffer.from(packedEvent(eventText)), false);
}

interface Templated {
  readonly key: string | undefined;
  readonly value: string;
}

/**
 * Reads what a template made, as IBM documents it: `{"key": …, "value": …}`, each a JSON value or `{"type", "data"}` around
 * one; and any other JSON is the value.
 */
function templatedRecord(body: string): Templated | undefined {
  const json = jsonOf(body);
  if (json === undefined) return undefined;
  const whole = json.exact;
  if (!isJsonObject(whole) || whole['value'] === undefined) return { key: undefined, value: stringifyJson(whole) };
  const key = textOf(whole['key'] ?? '');
  return { key: key === '' || key === '{}' ? undefined : key, value: textOf(whole['value']) };
}

function textOf(part: unknown): string {
  const content = isJsonObject(part) && typeof part['type'] === 'string' && 'data' in part ? part['data'] : part;
  return typeof content === 'string' ? content : stringifyJson(content);
}

/** IBM's examples break lines within texts, which JSON does not allow: there they are blanks. */
function jsonOf(body: string): { readonly exact: unknown } | undefined {
  for (const text of [body, body.replace(RAW_CONTROL, ' ')]) {
    try {
      return parseJson(text);
    } catch {
      // Then the next.
    }
  }
  return undefined;
}

function isJsonText(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
