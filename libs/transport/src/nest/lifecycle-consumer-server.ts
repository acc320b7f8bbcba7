import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { BatchControl, ConsumeOptions, Consumption, RecordBatch, Transport } from '../port.js';
import { unprefixed } from '../topic-prefix.js';
import { BatchContext } from './batch-context.js';
import { closestPattern } from './topic-pattern.js';

export interface LifecycleConsumerOptions {
  readonly transport: Transport;
  /** Before the names of kafkaTopics; patterns are written without it. */
  readonly prefix?: string;
  readonly consume: Omit<ConsumeOptions, 'matches' | 'handle'>;
}

/**
 * Lets a Nest application consume: `@EventPattern('lifecycle.*')` on a controller's method that takes a whole
 * {@link RecordBatch} and a {@link BatchContext}. Nest's own Kafka transport hands out single messages and cannot be
 * told which of them failed; here a rejected handler leaves its batch unacknowledged, and it comes again.
 */
export class LifecycleConsumerServer extends Server implements CustomTransportStrategy {
  /** Nest need not report what a handler throws for want of somebody who hears it: we wait for the handler. */
  override readonly propagatesEventHandlerErrors = true;
  private running: Consumption | undefined;

  constructor(private readonly options: LifecycleConsumerOptions) {
    super();
  }

  /** The running consumer; undefined before the start. */
  consumption(): Consumption | undefined {
    return this.running;
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.running = await this.options.transport.consume({
        ...this.options.consume,
        matches: (kafkaTopic) => this.patternOf(kafkaTopic) !== undefined,
        handle: (batch, control) => this.handleBatch(batch, control),
      });
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  async close(): Promise<void> {
    await this.running?.stop();
  }

  on(): void {
    throw new TypeError('this consumer has no events; ask consumption()');
  }

  unwrap<T>(): T {
    return this.running as T;
  }

  private async handleBatch(batch: RecordBatch, control: BatchControl): Promise<void> {
    const handler = this.messageHandlers.get(this.patternOf(batch.kafkaTopic) ?? '');
    if (handler === undefined) throw new RangeError(`no handler takes ${batch.kafkaTopic}`);
    const result: unknown = await handler(batch, new BatchContext([batch, control]));
    // Nest turns a rejection into a stream that fails. Whoever does not wait for its end acknowledges what was lost.
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }

  private patternOf(kafkaTopic: string): string | undefined {
    const name = unprefixed(this.options.prefix ?? '', kafkaTopic);
    return name === undefined ? undefined : closestPattern(this.messageHandlers.keys(), name);
  }
}
