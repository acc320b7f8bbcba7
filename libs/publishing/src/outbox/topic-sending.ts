import { setTimeout as delay } from 'node:timers/promises';

/**
 * What is on its way, a batch a kafkaTopic: the next of the same kafkaTopic is read when it has been settled, and one that
 * the broker does not have holds up no other.
 */
export class TopicSending {
  private readonly batches = new Map<string, Promise<void>>();
  private failure: { readonly error: unknown } | undefined;

  /** Of which kafkaTopics something is on its way. */
  get topics(): readonly string[] {
    return [...this.batches.keys()];
  }

  begin(kafkaTopic: string, batch: Promise<void>): void {
    const tracked = batch
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => {
        this.batches.delete(kafkaTopic);
      });
    this.batches.set(kafkaTopic, tracked);
  }

  /** Resolves when nothing is on its way any more, however it ended. */
  async ended(): Promise<void> {
    await Promise.all(this.batches.values());
  }

  /** Resolves when one of them has ended, or the time is over. */
  async nextEnd(milliseconds: number): Promise<void> {
    const over = new AbortController();
    const pause = delay(milliseconds, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([...this.batches.values(), pause]);
    over.abort();
  }

  /** @throws what a batch has failed with */
  demandSound(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}
