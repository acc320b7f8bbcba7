import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, type ISocketFactory, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import type { TransportLog } from '../log.js';
import { KAFKA_TIMING, type KafkaAddress, type KafkaOptions } from './kafka-options.js';
import { readOwnFetches, type OwnFetch } from './reading/own-fetch.js';

/**
 * One kafkajs client with its sockets in our own hands. kafkajs 2.2.4 can wait for ever: when it disconnects it stops
 * the timer that would have ended a request still on its way. So whoever holds one of these closes it within a bound.
 */
export interface KafkaClient {
  readonly kafka: Kafka;
  /**
   * Ends every connection at once, and those that kafkajs still tries to make: it does not stop trying by itself when
   * it is disconnected while it connects. Requests on their way are rejected.
   */
  destroy(): void;
  /** Lets its fetches be read by us, see `readOwnFetches`. */
  readFetches(own: OwnFetch): void;
}

const KEEP_ALIVE_MS = 60_000;

/** @param requestTimeoutMs for clients whose requests take long by nature (creating many topics) */
export function createKafkaClient(
  options: KafkaOptions,
  requestTimeoutMs: number = KAFKA_TIMING.requestTimeoutMs,
): KafkaClient {
  const sockets = new Set<Socket>();
  let destroyed = false;
  const log: TransportLog = (level, message, fields) => {
    if (!destroyed) options.log?.(level, message, fields);
  };
  const abandoned = () => new Error('closed by this process');
  const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const tls = ssl ? { ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl } : undefined;
    const socket = (options.dial ?? dial)({ host, port, tls, onConnect });
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // A commit or a heartbeat is small, and Nagle would let it wait for the answer to the one before.
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (destroyed) setImmediate(() => socket.destroy(abandoned()));
    return socket;
  };
  const kafka = new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    ...securityOf(options),
    connectionTimeout: KAFKA_TIMING.connectionTimeoutMs,
    authenticationTimeout: KAFKA_TIMING.requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
    socketFactory,
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => forward(log, entry),
  });
  return {
    kafka,
    readFetches: (own) => readOwnFetches(socketFactory, own),
    destroy() {
      destroyed = true;
      for (const socket of sockets) socket.destroy(abandoned());
    },
  };
}

function dial({ host, port, tls, onConnect }: KafkaAddress): Socket {
  return tls === undefined ? connectTcp({ host, port }, onConnect) : connectTls({ host, port, ...tls }, onConnect);
}

function securityOf({ tls, sasl }: KafkaOptions): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const ssl = typeof tls === 'object' ? { ...tls } : tls;
  return {
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
  };
}

/** kafkajs calls an error what it then repairs by itself, dozens of times in an outage; what matters our own code reports. */
function forward(log: TransportLog, entry: LogEntry): void {
  const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = entry.log;
  log('debug', `kafka client: ${message}`, { part: entry.namespace, ...fields });
}

/** Waits for something that kafkajs may never finish, and no longer than that. @returns whether it finished */
export async function withinLimit(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const finished = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([finished, limit]);
  } finally {
    clearTimeout(timer);
  }
}
