import type { ISocketFactory } from 'kafkajs';
// @ts-expect-error -- kafkajs has no types for what it does not export
import BrokerClass from 'kafkajs/src/broker/index.js';
// @ts-expect-error -- as above
import protocolErrors from 'kafkajs/src/protocol/error.js';

/** One request and how its answer is read, as kafkajs sends it. */
export interface KafkajsProtocol<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<unknown>;
  };
  readonly response: {
    decode(bytes: Buffer): Promise<T>;
    readonly parse: (decoded: T) => Promise<T>;
  };
  readonly requestTimeout?: number;
}

export interface FetchRequest {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
  }[];
}

type ProtocolLookup = (apiKey: number, definition: unknown) => (request: FetchRequest) => KafkajsProtocol<unknown>;

/** The part of kafkajs's broker (one node of the cluster, as a client sees it) that is used here. */
export interface KafkajsBroker {
  readonly versions: Readonly<Record<number, { readonly maxVersion: number }>> | null;
  readonly connectionPool: {
    readonly socketFactory: ISocketFactory;
    send<T>(protocol: KafkajsProtocol<T>): Promise<T>;
  };
  readonly lookupRequest: ProtocolLookup;
  fetch: (this: KafkajsBroker, request: FetchRequest) => Promise<unknown>;
}

/** What its methods are called on. kafkajs 2.2.4 is its last version, and exactly that one is installed. */
export const kafkajsBroker = (BrokerClass as { readonly prototype: KafkajsBroker }).prototype;

/** The error that a broker's code stands for. */
export function errorOfCode(errorCode: number): Error {
  return (protocolErrors as { createErrorFromCode(code: number): Error }).createErrorFromCode(errorCode);
}
