import type { SendFailure } from '../send-queue.js';
import { TransportError, type TransportErrorCode } from '../errors.js';

const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
const BAD_RECORD = new Set([
  'CORRUPT_MESSAGE',
  'INVALID_TIMESTAMP',
  'INVALID_RECORD',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);
const FORBIDDEN = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
]);
const UNKNOWN_TOPIC = new Set(['UNKNOWN_TOPIC_OR_PARTITION']);
const INVALID_TOPIC = new Set(['INVALID_TOPIC_EXCEPTION']);

interface KafkajsError {
  readonly name: string;
  readonly message: string;
  readonly type?: unknown;
  readonly retriable?: unknown;
  readonly cause?: unknown;
}

/** Looks through kafkajs's wrappers (retries exceeded, non-retriable) for the error that says what happened. */
export function rootOf(error: unknown): KafkajsError {
  let current = error;
  for (let depth = 0; depth < 8; depth += 1) {
    if (!isError(current) || typeof current.type === 'string' || !isError(current.cause)) break;
    current = current.cause;
  }
  return isError(current) ? current : new Error(String(error));
}

/** Whom a failed attempt to produce concerns. */
export function sendFailureOf(error: unknown): SendFailure {
  const root = rootOf(error);
  const cause = error;
  const type = typeof root.type === 'string' ? root.type : '';
  if (TOO_LARGE.has(type)) return { scope: 'record', code: 'TOO_LARGE', cause };
  if (BAD_RECORD.has(type)) return { scope: 'record', code: 'INVALID_RECORD', cause };
  if (type === 'POLICY_VIOLATION') return { scope: 'record', code: 'REFUSED', cause };
  if (FORBIDDEN.has(type)) return { scope: 'topic-final', code: 'FORBIDDEN', cause };
  if (INVALID_TOPIC.has(type)) return { scope: 'topic-final', code: 'INVALID_RECORD', cause };
  if (UNKNOWN_TOPIC.has(type) || root.name === 'KafkaJSMetadataNotLoaded') {
    return { scope: 'topic', code: 'UNKNOWN_TOPIC', cause };
  }
  // Of one partition's leader: no leader yet, too few replicas, a disk. It concerns one kafkaTopic, and it passes.
  if (type !== '') return { scope: 'topic', code: 'UNAVAILABLE', cause };
  // An encoder that trips over a record trips over it again.
  if (root instanceof TypeError || root instanceof RangeError)
    return { scope: 'record', code: 'INVALID_RECORD', cause };
  return { scope: 'broker', code: 'UNAVAILABLE', cause };
}

/** An error of an administrative call, as the port promises it. */
export function transportErrorOf(error: unknown, kafkaTopics: readonly string[] = []): TransportError {
  if (error instanceof TransportError) return error;
  const root = rootOf(error);
  const type = typeof root.type === 'string' ? root.type : '';
  let code: TransportErrorCode = 'UNAVAILABLE';
  if (FORBIDDEN.has(type) || isAuthenticationFailure(root)) code = 'FORBIDDEN';
  else if (UNKNOWN_TOPIC.has(type)) code = 'UNKNOWN_TOPIC';
  else if (type !== '' && root.retriable === false) code = 'REFUSED';
  return new TransportError(code, { detail: root.message, kafkaTopics, cause: error });
}

/** Will the same consumer, started again, most likely run? */
export function isPassing(error: unknown): boolean {
  const root = rootOf(error);
  if (isAuthenticationFailure(root)) return false;
  return root.retriable === true || root.name === 'KafkaJSNumberOfRetriesExceeded';
}

/** Has the group gone on without this member? */
export function isMembershipLost(error: unknown): boolean {
  const { type } = rootOf(error);
  return type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION' || type === 'FENCED_INSTANCE_ID';
}

export function isRebalance(error: unknown): boolean {
  return rootOf(error).type === 'REBALANCE_IN_PROGRESS';
}

function isAuthenticationFailure(root: KafkajsError): boolean {
  return root.name === 'KafkaJSSASLAuthenticationError' || root.type === 'SASL_AUTHENTICATION_FAILED';
}

function isError(value: unknown): value is KafkajsError {
  return value instanceof Error;
}

/** What to say of anything that was thrown. Nest hands on what a handler threw as an object that is not an Error. */
export function reasonOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage && typeof error.message === 'string' ? error.message : String(error);
}
