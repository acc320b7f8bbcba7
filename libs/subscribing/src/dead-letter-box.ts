import { setTimeout as delay } from 'node:timers/promises';
import {
  HandedBack,
  TransportError,
  type BatchControl,
  type Consumption,
  type RecordBatch,
  type Transport,
} from '@tidings/transport';
import type { BatchRouter } from './batch-router.js';
import { marksOfDeadLetter, readDeadLetter, type DeadLetter } from './dead-letter.js';

export interface DeadLetterBoxOptions {
  readonly transport: Transport;
  /** With the prefix. */
  readonly kafkaTopic: string;
  /** Whose position says which of them have been handled again. */
  readonly groupId: string;
  readonly router: BatchRouter;
}

const LOOK_EVERY_MS = 50;
const DEFAULT_DEADLINE_MS = 60_000;
/** What one look may bring. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The dead letters of one group: those that nobody has handled again yet. */
export class DeadLetterBox {
  private running: Consumption | undefined;
  /** One at a time: they share a position. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: DeadLetterBoxOptions) {}

  /**
   * The oldest of them, as many as one fetch brings; they stay where they are.
   * @param most how many
   * @throws {TransportError} UNAVAILABLE when the broker does not bring them in time
   */
  async list(most = 100, deadlineMs = DEFAULT_DEADLINE_MS): Promise<readonly DeadLetter[]> {
    return this.oneByOne(async () => {
      let letters: readonly DeadLetter[] | undefined;
      const look = async ({ records }: RecordBatch, control: BatchControl): Promise<void> => {
        letters ??= records.slice(0, most).map(readDeadLetter);
        // Nothing is acknowledged, so nothing is gone.
        await giveBack(control);
      };
      await this.read(look, () => letters !== undefined, deadlineMs);
      return letters ?? [];
    });
  }

  /**
   * Hands all of them once more to the handlers that failed, and to nobody else: other groups have had these events.
   * What fails again becomes a dead letter again; what nobody can take stays one: its handler has another name now, or
   * its message was left out. Mend the handler first.
   * @returns how many were handed over
   * @throws {TransportError} UNAVAILABLE when that took longer than the deadline; what was handled stays handled
   */
  async handleAgain(deadlineMs = DEFAULT_DEADLINE_MS): Promise<number> {
    return this.oneByOne(async () => {
      let handed = 0;
      let untaken = 0;
      const handle = async (batch: RecordBatch, control: BatchControl) => {
        // Those that fail again come behind the others; they are for the next time.
        const records = batch.records.slice(0, Math.max(0, total - handed));
        const last = records.at(-1);
        if (last === undefined) return giveBack(control);
        untaken += await this.options.router.handle({ ...batch, records }, control, marksOfDeadLetter);
        handed += records.length;
        if (records.length < batch.records.length) throw new HandedBack(last.offset);
      };
      let total = 0;
      await this.read(
        handle,
        () => handed >= total,
        deadlineMs,
        (lag) => (total = lag),
      );
      return handed - untaken;
    });
  }

  /** Ends what is under way. */
  async stop(): Promise<void> {
    await this.running?.stop();
  }

  private async oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  /** Consumes until it is enough; nothing where there is nothing. */
  private async read(
    handle: (batch: RecordBatch, control: BatchControl) => Promise<void>,
    isEnough: () => boolean,
    deadlineMs: number,
    onLag: (lag: number) => void = () => undefined,
  ): Promise<void> {
    const { transport, kafkaTopic, groupId } = this.options;
    const deadline = performance.now() + deadlineMs;
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const consumption = await transport.consume({
      groupId,
      matches: (name) => name === kafkaTopic,
      handle: async (batch, control) => {
        await opened;
        await handle(batch, control);
      },
      maxBytes: MAX_BYTES,
      maxBytesPerPartition: MAX_BYTES,
      stallAfterMs: 0,
    });
    this.running = consumption;
    try {
      const lag = (await consumption.lag()).reduce((sum, one) => sum + Number(one.lag), 0);
      onLag(lag);
      open();
      while (lag > 0 && !isEnough()) {
        if (performance.now() > deadline) {
          throw new TransportError('UNAVAILABLE', { detail: `the dead letters did not come within ${deadlineMs} ms` });
        }
        await delay(LOOK_EVERY_MS);
      }
    } finally {
      open();
      this.running = undefined;
      await consumption.stop();
    }
  }
}

/** Keeps a batch until the consumer stops: given back before, it would come again at once. @throws {HandedBack} */
async function giveBack(control: BatchControl): Promise<never> {
  while (!control.isStale()) await delay(LOOK_EVERY_MS);
  throw new HandedBack(undefined);
}
