import { type Catalogue, type EventType, type JsonSchema, uncataloguedTopic } from '@tidings/catalogue';
import { prefixed, topicSpec, type TopicSettings } from '@tidings/transport';
import { DEAD_LETTER_TOPIC } from '../ingest/dead-letter-announcer.js';
import {
  componentName,
  type DocumentedMessage,
  eventMessages,
  EVENT_TRAIT,
  OTHER_MESSAGES,
  type Reference,
} from './asyncapi-messages.js';

/** A kafkaTopic as the document has it. */
export interface DocumentedChannel {
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, Reference>>;
  readonly bindings: object;
}

interface DocumentedOperation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly summary: string;
}

/** An AsyncAPI 3.0 document. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly id: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly defaultContentType: string;
  readonly servers: object;
  /** By the kafkaTopic's name without the installation's prefix. */
  readonly channels: Readonly<Record<string, DocumentedChannel>>;
  readonly operations: Readonly<Record<string, DocumentedOperation>>;
  readonly components: {
    readonly messages: Readonly<Record<string, DocumentedMessage>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly messageTraits: object;
  };
}

/** What differs between installations. */
export interface AsyncApiSettings extends TopicSettings {
  /** Whether Kafka is spoken to over TLS. */
  readonly isSecure: boolean;
}

const DESCRIPTION = [
  'Life-cycle events of many systems, on one Kafka topic for each domain of a system. Every message is a CloudEvent 1.0 in',
  'binary mode: its attributes are headers, its value is the payload as JSON, its key is the subject. Structured mode',
  '(`application/cloudevents+json`) is read as well.',
  '`send` is what Tidings offers to consumers, `receive` is what it takes from producers. What is written to Kafka and does',
  'not fit becomes a dead letter; `POST /v1/events` tells its sender instead.',
].join(' ');

/** Writes down every kafkaTopic of the catalogue, with the messages that travel on it. */
export function asyncApiDocument(catalogue: Catalogue, settings: AsyncApiSettings): AsyncApiDocument {
  const { messages, schemas } = eventMessages(catalogue);
  const channels = Object.fromEntries([
    ...catalogue.systems().flatMap(({ name, title }) => channelsOf(catalogue, name, title, settings)),
    [DEAD_LETTER_TOPIC, deadLetterChannel(settings)],
  ]);
  return {
    asyncapi: '3.0.0',
    id: 'urn:tidings:events',
    info: { title: 'Tidings', version: '0.1.0', description: DESCRIPTION },
    defaultContentType: 'application/json',
    servers: { kafka: serverOf(settings) },
    channels,
    operations: Object.fromEntries(Object.entries(channels).flatMap(([name, { title }]) => operationsOf(name, title))),
    components: { messages: { ...messages, ...OTHER_MESSAGES }, schemas, messageTraits: { event: EVENT_TRAIT } },
  };
}

/** The brokers' addresses are for those to say who run them: the document is open to all. */
function serverOf({ isSecure }: AsyncApiSettings): object {
  return {
    host: '{brokers}',
    protocol: isSecure ? 'kafka-secure' : 'kafka',
    description: 'The Kafka of this installation; the default is the embedded one of `npm start`.',
    variables: { brokers: { default: '127.0.0.1:4192', description: 'As KAFKA_BROKERS has it.' } },
  };
}

function channelsOf(
  catalogue: Catalogue,
  system: string,
  systemTitle: string,
  settings: AsyncApiSettings,
): [string, DocumentedChannel][] {
  const byTopic = new Map<string, EventType[]>();
  for (const type of catalogue.types()) {
    if (type.system !== system) continue;
    byTopic.set(type.kafkaTopic, [...(byTopic.get(type.kafkaTopic) ?? []), type]);
  }
  const declared = [...byTopic].map(([kafkaTopic, types]): [string, DocumentedChannel] => [
    kafkaTopic,
    channelOf(kafkaTopic, settings, {
      title: `${systemTitle}: ${types[0]?.domain ?? ''}`,
      description: `Events of ${systemTitle} in its group ${types[0]?.domain ?? ''}.`,
      messages: types.map(({ type }) => componentName(type)),
    }),
  ]);
  const undeclared = uncataloguedTopic(system);
  return [
    ...declared,
    [
      undeclared,
      channelOf(undeclared, settings, {
        title: `${systemTitle}: undeclared`,
        description: `What ${systemTitle} sent natively and nobody declared.`,
        messages: ['undeclared', 'raw-native'],
      }),
    ],
  ];
}

function channelOf(
  kafkaTopic: string,
  settings: AsyncApiSettings,
  { title, description, messages }: { title: string; description: string; messages: readonly string[] },
): DocumentedChannel {
  const { kafkaTopic: address, partitions, replicationFactor, config } = topicSpec(kafkaTopic, settings);
  return {
    address,
    title,
    description,
    messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      kafka: {
        topic: address,
        partitions,
        ...(replicationFactor > 0 && { replicas: replicationFactor }),
        topicConfiguration: Object.fromEntries(
          Object.entries(config ?? {}).map(([name, value]) => [name, Number(value)]),
        ),
        bindingVersion: '0.5.0',
      },
    },
  };
}

function deadLetterChannel({ prefix }: AsyncApiSettings): DocumentedChannel {
  const address = prefixed(prefix, DEAD_LETTER_TOPIC);
  return {
    address,
    title: 'Dead letters',
    description: 'What could not be kept as an event.',
    messages: { 'dead-letter': { $ref: '#/components/messages/dead-letter' } },
    bindings: { kafka: { topic: address, bindingVersion: '0.5.0' } },
  };
}

function operationsOf(name: string, title: string): [string, DocumentedOperation][] {
  const channel = { $ref: `#/channels/${name}` };
  const offered: [string, DocumentedOperation] = [
    `offer.${name}`,
    { action: 'send', channel, summary: `Consumers read ${title}.` },
  ];
  if (name === DEAD_LETTER_TOPIC) return [offered];
  return [[`take.${name}`, { action: 'receive', channel, summary: `Producers write ${title}.` }], offered];
}
