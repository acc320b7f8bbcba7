import type { Writable } from 'node:stream';

/** Milliseconds; some ten thousand bytes have to be taken in each. */
export const READER_PATIENCE = 60_000;

/**
 * Cuts off a reader that takes nothing any more: what it is sent holds a connection to the database and a snapshot that
 * keeps old rows from being removed. A source that has nothing to send for a while is no fault of the reader's.
 * @param output what the reader reads from
 * @param patience milliseconds in which it has to take what was buffered for it
 */
export function cutStalledReader(output: Writable, patience: number): void {
  let hasTaken = true;
  const timer = setInterval(() => {
    if (!output.writableNeedDrain) return;
    if (!hasTaken) output.destroy(new Error(`The reader has taken nothing for ${patience} ms.`));
    hasTaken = false;
  }, patience);
  timer.unref();
  output.on('drain', () => {
    hasTaken = true;
  });
  output.once('close', () => clearInterval(timer));
}
