import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../api/api-client.js';

/** What is known of the event besides its payload. */
export interface EventParts {
  /** Its type, by its full name or its system's. */
  readonly type: string;
  readonly source?: string;
  readonly site?: string;
  readonly id?: string;
  readonly subject?: string;
  readonly time?: string;
  readonly extensions: Readonly<Record<string, string>>;
}

interface CatalogueEntry {
  readonly type: string;
  readonly system: string;
}

/**
 * Asks the server's catalogue what a name means, and gives what makes CloudEvents of payloads.
 * @returns the JSON text of an event, from its payload's
 * @throws {CommandFailure} `notFound` with the nearest names, for an unknown type
 */
export async function typedEvents(api: ApiClient, parts: EventParts): Promise<(payload: string) => string> {
  const path = `/api/catalogue/${encodeURIComponent(parts.type)}/`;
  const { type, system } = (await api.get(path, {}, `event type ${parts.type}`)).json<CatalogueEntry>();
  const source = parts.source ?? `/${system}/${parts.site ?? 'main'}`;
  return (payload) => {
    const attributes = {
      specversion: '1.0',
      id: parts.id ?? randomUUID(),
      source,
      type,
      ...(parts.subject !== undefined && { subject: parts.subject }),
      time: parts.time ?? new Date().toISOString(),
      datacontenttype: 'application/json',
      ...parts.extensions,
    };
    // The payload's own text is passed on, so that its numbers are as exact as they came.
    return `${JSON.stringify(attributes).slice(0, -1)},"data":${payload}}`;
  };
}
