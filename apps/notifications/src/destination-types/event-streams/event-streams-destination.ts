import { dialGuarded, OutboundRefused } from '@tidings/outbound';
import { KafkaTransport, type OutgoingRecord, type RecordPublisher, TransportError } from '@tidings/transport';
import type { AttemptResult, DestinationOpening, OpenDestination, Shipment } from '../destination-type.js';
import { blocked, networkProblem } from '../network-problem.js';
import { eventRecord } from './event-record.js';
import {
  type EventStreamsConfig,
  eventStreamsConfigOf,
  isOwnKafkaTopic,
  OWN_KAFKA_TOPIC,
} from './event-streams-config.js';

/** Before the deadline of the exchange, so that the reason is Kafka's and not a clock's. */
const PUBLISH_DEADLINE_MS = 8_000;

/** A Kafka topic that somebody named, with a connection of its own. */
export class EventStreamsDestination implements OpenDestination {
  private readonly config: EventStreamsConfig;
  private readonly isOwn: boolean;
  private readonly transport: KafkaTransport;
  private publisher: Promise<RecordPublisher> | undefined;
  /** The last address that the guard refused, and when; all attempts share the connections. */
  private refused: { readonly error: OutboundRefused; readonly at: number } | undefined;

  constructor({ config, secrets, outbound, kafkaPrefix = '' }: DestinationOpening) {
    this.config = eventStreamsConfigOf(config);
    this.isOwn = isOwnKafkaTopic(this.config.topic, kafkaPrefix);
    const { brokers, tls, sasl } = this.config;
    this.transport = new KafkaTransport({
      brokers,
      clientId: 'tidings-destination',
      ...(tls && { tls: true }),
      ...(sasl !== undefined && { sasl: { ...sasl, password: String(secrets['password']) } }),
      // Brokers name further addresses of their own: each of them is dialled through the guard.
      dial: (where) => {
        const socket = dialGuarded(outbound, where);
        socket.once('error', (error) => {
          if (error instanceof OutboundRefused) this.refused = { error, at: performance.now() };
        });
        return socket;
      },
    });
  }

  async deliver(shipment: Shipment, signal: AbortSignal): Promise<AttemptResult> {
    // One that was configured before they were refused.
    if (this.isOwn) return { outcome: 'refused', status: 'blocked', problem: `The kafkaTopic ${OWN_KAFKA_TOPIC}.` };
    const record = eventRecord(shipment, this.config.topic);
    if (record === undefined) {
      return { outcome: 'refused', status: 'template', problem: 'The template does not give JSON.' };
    }
    if (signal.aborted) return networkProblem(signal.reason, signal);
    const began = performance.now();
    let forget = (): void => undefined;
    const aborted = new Promise<undefined>((resolve) => {
      const abort = (): void => resolve(undefined);
      signal.addEventListener('abort', abort);
      forget = () => signal.removeEventListener('abort', abort);
    });
    try {
      // A client of Kafka cannot be told to stop connecting; nobody waits for it any more.
      await Promise.race([this.publish(record), aborted]);
      signal.throwIfAborted();
      return { outcome: 'delivered', status: 'acknowledged' };
    } catch (error) {
      // What was refused before says nothing of this attempt, which may fail for a reason that passes.
      if (this.refused !== undefined && this.refused.at >= began) return blocked(this.refused.error);
      return signal.aborted ? networkProblem(error, signal) : failureOf(error);
    } finally {
      forget();
    }
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  private async publish(record: OutgoingRecord): Promise<void> {
    this.publisher ??= this.transport.createPublisher();
    const publisher = await this.publisher;
    await publisher.publish([record], { deadlineMs: PUBLISH_DEADLINE_MS });
  }
}

function failureOf(error: unknown): AttemptResult {
  if (!(error instanceof TransportError)) throw error;
  return {
    outcome: error.retriable ? 'failed' : 'refused',
    ...(!error.retriable && { isAnswer: true }),
    status: error.code.toLowerCase(),
    problem: `Kafka: ${error.message}.`,
    ...(error.code === 'UNAVAILABLE' && { backOff: true }),
  };
}
