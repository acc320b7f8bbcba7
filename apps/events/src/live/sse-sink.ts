import type { ServerResponse } from 'node:http';
import type { StreamSink } from './client-stream.js';
import { STREAM_ENDS } from './stream-end.js';

/** A comment, so that proxies and clients see that the stream is alive, milliseconds. */
const HEARTBEAT_MS = 15_000;
/** How long the last words may take, milliseconds. */
const FAREWELL_MS = 1_000;
/** How soon a client whose stream ended shall come again, milliseconds. */
const RETRY_MS = 1_000;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Nginx would hold events back.
  'x-accel-buffering': 'no',
} as const;

/** Begins the answer of a stream of Server-Sent Events. @param onClosed called once the connection is gone */
export function openSseSink(response: ServerResponse, onClosed: () => void): StreamSink {
  response.writeHead(200, HEADERS);
  response.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => {
    // Behind a queue that stands still it would only make the queue longer.
    if (!response.writableNeedDrain) response.write(': heartbeat\n\n');
  }, HEARTBEAT_MS);
  const closed = (): void => {
    clearInterval(heartbeat);
    onClosed();
  };
  response.on('error', () => undefined);
  response.once('close', closed);
  return {
    send: (bytes, done) => void response.write(bytes, done),
    close: (reason) => {
      clearInterval(heartbeat);
      const { detail } = STREAM_ENDS[reason];
      response.end(`event: error\ndata: ${JSON.stringify({ reason, detail })}\n\n`);
      const timer = setTimeout(() => response.destroy(), FAREWELL_MS).unref();
      response.once('close', () => clearTimeout(timer));
    },
  };
}
