import { cloudEventJson } from '../query/cloud-event-json.js';
import type { StreamFormat } from './client-stream.js';
import type { LiveEvent } from './live-events.js';

/** Server-Sent Events: the position as the id, the type as the event, the CloudEvent as the data. */
export const SSE_FORMAT: StreamFormat = {
  name: 'sse',
  event: onceAnEvent((event) => {
    const type = event.type.replace(/[\r\n]/g, ' ');
    return `id: ${event.position}\nevent: ${type}\ndata: ${cloudEventJson(event)}\n\n`;
  }),
  // An id without data is no event to the client, but is what it sends when it comes again.
  reached: (position) => Buffer.from(`id: ${position}\n\n`),
};

/** WebSocket: a text frame an event. */
export const WEBSOCKET_FORMAT: StreamFormat = {
  name: 'websocket',
  event: onceAnEvent((event) => `{"position":"${event.position}","event":${cloudEventJson(event)}}`),
  reached: () => undefined,
};

/** The same bytes go to every client. */
function onceAnEvent(write: (event: LiveEvent) => string): (event: LiveEvent) => Buffer {
  const written = new WeakMap<LiveEvent, Buffer>();
  return (event) => {
    const known = written.get(event);
    if (known !== undefined) return known;
    const bytes = Buffer.from(write(event));
    written.set(event, bytes);
    return bytes;
  };
}
