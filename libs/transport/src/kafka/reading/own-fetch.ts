import { setTimeout as delay } from 'node:timers/promises';
import type { ISocketFactory } from 'kafkajs';
import { KAFKA_TIMING } from '../kafka-options.js';
import { readFetchResponse, type FetchReading } from './fetch-response.js';
import { kafkajsBroker, type FetchRequest, type KafkajsBroker, type KafkajsProtocol } from './kafkajs-internals.js';

/** How a client wants its fetches read. */
export interface OwnFetch extends Pick<FetchReading, 'maxRecordBytes' | 'onPartition'> {
  /** Called before each fetch. */
  beforeFetch(broker: KafkajsBroker, request: FetchRequest): Promise<void>;
}

/** By the socket factory, which is the one thing of ours that kafkajs keeps beside a connection. */
const ownFetches = new WeakMap<ISocketFactory, OwnFetch>();

const kafkajsFetch = kafkajsBroker.fetch;

/**
 * Lets the fetches of one client be read here instead of by kafkajs, whose decoder knows one compression, takes seconds
 * over a few thousand headers, unpacks without a bound and ends the consumer over any byte that it does not expect.
 * Other clients in the process, those of a team's own code say, keep kafkajs's decoder.
 */
export function readOwnFetches(socketFactory: ISocketFactory, own: OwnFetch): void {
  ownFetches.set(socketFactory, own);
}

kafkajsBroker.fetch = fetch;

async function fetch(this: KafkajsBroker, request: FetchRequest): Promise<unknown> {
  const own = ownFetches.get(this.connectionPool.socketFactory);
  if (own === undefined) return kafkajsFetch.call(this, request);
  await own.beforeFetch(this, request);
  const broker = Object.create(this, {
    lookupRequest: {
      value: (apiKey: number, definition: unknown) => {
        const protocolOf = this.lookupRequest(apiKey, definition);
        return (given: FetchRequest) => readByOwn(protocolOf(given), own, given);
      },
    },
  }) as KafkajsBroker;
  return kafkajsFetch.call(broker, request);
}

function readByOwn(
  protocol: KafkajsProtocol<unknown>,
  { maxRecordBytes, onPartition }: OwnFetch,
  { topics }: FetchRequest,
): KafkajsProtocol<unknown> {
  const offsets = new Map<string, string>();
  for (const { topic, partitions } of topics) {
    for (const { partition, fetchOffset } of partitions) offsets.set(`${partition} ${topic}`, fetchOffset);
  }
  let isRefused = false;
  const reading: FetchReading = {
    maxRecordBytes,
    fromOf: (kafkaTopic, partition) => offsets.get(`${partition} ${kafkaTopic}`) ?? '0',
    onPartition: (kafkaTopic, partition, offset, errorCode) => {
      if (errorCode !== 0) isRefused = true;
      onPartition(kafkaTopic, partition, offset, errorCode);
    },
  };
  const { parse } = protocol.response;
  const decode = async (bytes: Buffer) => {
    const response = await readFetchResponse(bytes, protocol.request.apiVersion, reading);
    // The broker does not wait for records before it refuses.
    if (isRefused) await delay(KAFKA_TIMING.fetchWaitMs);
    return response;
  };
  return { ...protocol, response: { decode, parse } };
}
