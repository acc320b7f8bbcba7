import { HOPS_HEADER } from '@tidings/catalogue';
import { dialGuarded, OutboundRefused } from '@tidings/outbound';
import {
  decodeStructured,
  encodeEvent,
  KafkaTransport,
  type OutgoingRecord,
  type RecordPublisher,
  TransportError,
} from '@tidings/transport';
import type { AttemptResult, DestinationOpening, OpenDestination, Shipment } from '../destination-type.js';
import { packedEvent } from '../../matching/sent-members.js';
import { nextHop } from '../next-hop.js';
import { blocked } from '../network-problem.js';
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
  private refusal: OutboundRefused | undefined;

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
          if (error instanceof OutboundRefused) this.refusal = error;
        });
        return socket;
      },
    });
  }

  async deliver(shipment: Shipment): Promise<AttemptResult> {
    // One that was configured before they were refused.
    if (this.isOwn) return { outcome: 'refused', status: 'blocked', problem: `The kafkaTopic ${OWN_KAFKA_TOPIC}.` };
    try {
      this.publisher ??= this.transport.createPublisher();
      const publisher = await this.publisher;
      await publisher.publish([recordOf(shipment, this.config.topic)], { deadlineMs: PUBLISH_DEADLINE_MS });
      this.refusal = undefined;
      return { outcome: 'delivered', status: 'acknowledged' };
    } catch (error) {
      return this.failureOf(error);
    }
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  private failureOf(error: unknown): AttemptResult {
    const { refusal } = this;
    if (refusal !== undefined) return blocked(refusal);
    if (!(error instanceof TransportError)) throw error;
    return {
      outcome: error.retriable ? 'failed' : 'refused',
      ...(!error.retriable && { isAnswer: true }),
      status: error.code.toLowerCase(),
      problem: `Kafka: ${error.message}.`,
      ...(error.code === 'UNAVAILABLE' && { backOff: true }),
    };
  }
}

/** The event as it travels on the bus: attributes as headers, the data's own bytes as value. */
function recordOf({ eventText, kafkaKey, messageId }: Shipment, kafkaTopic: string): OutgoingRecord {
  const decoded = decodeStructured(Buffer.from(packedEvent(eventText)), false);
  if (decoded.kind !== 'event') throw new TypeError('what is shipped is no event');
  const record = encodeEvent(kafkaTopic, decoded.event, decoded.data);
  // Whoever reads there can tell a redelivery by it, as receivers of webhooks can.
  return {
    ...record,
    key: kafkaKey,
    headers: { ...record.headers, 'webhook-id': messageId, [HOPS_HEADER]: String(nextHop(eventText)) },
  };
}
