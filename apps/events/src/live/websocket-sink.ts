import type { WebSocket } from 'ws';
import type { StreamSink } from './client-stream.js';
import { STREAM_ENDS } from './stream-end.js';

/** Between two pings; who gave no sign of life from one to the next is gone, milliseconds. */
const HEARTBEAT_MS = 15_000;
/** How long the closing handshake may take, milliseconds. */
const FAREWELL_MS = 1_000;

/** Serves a stream on a WebSocket. @param onClosed called once the connection is gone */
export function openWebSocketSink(socket: WebSocket, onClosed: () => void): StreamSink {
  let isAlive = true;
  const alive = (): void => {
    isAlive = true;
  };
  const heartbeat = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
  }, HEARTBEAT_MS);
  socket.on('pong', alive);
  socket.on('error', () => undefined);
  socket.once('close', () => {
    clearInterval(heartbeat);
    onClosed();
  });
  return {
    send: (bytes, done) =>
      socket.send(bytes, { binary: false }, () => {
        alive();
        done();
      }),
    close: (reason) => {
      clearInterval(heartbeat);
      const { closeCode, detail } = STREAM_ENDS[reason];
      socket.close(closeCode, detail);
      const timer = setTimeout(() => socket.terminate(), FAREWELL_MS).unref();
      socket.once('close', () => clearTimeout(timer));
    },
  };
}
