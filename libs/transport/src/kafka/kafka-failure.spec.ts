import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { isMembershipLost, isPassing, isRebalance, sendFailureOf, transportErrorOf } from './kafka-failure.js';

function protocolError(type: string, retriable = false): KafkaJSProtocolError {
  return new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable }));
}

function afterRetries(error: Error): Error {
  return new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 3, retryTime: 100 });
}

const named = (name: string) => Object.assign(new Error(name), { name, retriable: false });

describe('whom a failure to produce concerns', () => {
  it.each([
    ['a record that is too large', protocolError('MESSAGE_TOO_LARGE'), 'record', 'TOO_LARGE'],
    ['records that are too large together', protocolError('RECORD_LIST_TOO_LARGE'), 'record', 'TOO_LARGE'],
    ['a broken record', protocolError('CORRUPT_MESSAGE', true), 'record', 'INVALID_RECORD'],
    ['a record that the encoder trips over', new TypeError('x is undefined'), 'record', 'INVALID_RECORD'],
    ['the same, wrapped by a retry', afterRetries(new TypeError('x')), 'record', 'INVALID_RECORD'],
    ['a policy of the broker', protocolError('POLICY_VIOLATION'), 'record', 'REFUSED'],
    ['a kafkaTopic without the right to it', protocolError('TOPIC_AUTHORIZATION_FAILED'), 'topic-final', 'FORBIDDEN'],
    ['a name that no kafkaTopic can have', protocolError('INVALID_TOPIC_EXCEPTION'), 'topic-final', 'INVALID_RECORD'],
    [
      'a kafkaTopic that is not there',
      afterRetries(protocolError('UNKNOWN_TOPIC_OR_PARTITION', true)),
      'topic',
      'UNKNOWN_TOPIC',
    ],
    [
      'a partition that gets a new leader',
      afterRetries(protocolError('NOT_LEADER_FOR_PARTITION', true)),
      'topic',
      'UNAVAILABLE',
    ],
    ['too few replicas', protocolError('NOT_ENOUGH_REPLICAS', true), 'topic', 'UNAVAILABLE'],
    ['a refused connection', afterRetries(new KafkaJSConnectionError('ECONNREFUSED')), 'broker', 'UNAVAILABLE'],
    ['a password that is wrong', named('KafkaJSSASLAuthenticationError'), 'broker', 'UNAVAILABLE'],
    ['anything else', 'what?', 'broker', 'UNAVAILABLE'],
  ])('%s', (_what, error, scope, code) => {
    expect(sendFailureOf(error)).toMatchObject({ scope, code, cause: error });
  });
});

describe('the error of an administrative call', () => {
  it.each([
    ['a refused connection', afterRetries(new KafkaJSConnectionError('ECONNREFUSED')), 'UNAVAILABLE'],
    ['a missing right', protocolError('CLUSTER_AUTHORIZATION_FAILED'), 'FORBIDDEN'],
    ['a wrong password', named('KafkaJSSASLAuthenticationError'), 'FORBIDDEN'],
    ['a missing kafkaTopic', protocolError('UNKNOWN_TOPIC_OR_PARTITION', true), 'UNKNOWN_TOPIC'],
    ['a request that makes no sense', protocolError('INVALID_CONFIG'), 'REFUSED'],
    ['a busy broker', protocolError('REQUEST_TIMED_OUT', true), 'UNAVAILABLE'],
  ])('%s', (_what, error, code) => {
    expect(transportErrorOf(error)).toMatchObject({ name: 'TransportError', code });
  });
});

describe('a consumer that crashed', () => {
  it.each([
    ['because the broker went away', afterRetries(new KafkaJSConnectionError('Closed connection')), true],
    ['because the coordinator moved', protocolError('NOT_COORDINATOR_FOR_GROUP', true), true],
    ['because of a defect', new TypeError('undefined is not a function'), false],
    ['because it may not join the group', protocolError('GROUP_AUTHORIZATION_FAILED'), false],
    ['because its password is wrong', named('KafkaJSSASLAuthenticationError'), false],
  ])('%s: can it run again? %s', (_what, error, passing) => {
    expect(isPassing(error)).toBe(passing);
  });

  it('knows a lost membership from a rebalance', () => {
    expect(isMembershipLost(protocolError('UNKNOWN_MEMBER_ID'))).toBe(true);
    expect(isMembershipLost(protocolError('ILLEGAL_GENERATION'))).toBe(true);
    expect(isMembershipLost(protocolError('REBALANCE_IN_PROGRESS'))).toBe(false);
    expect(isRebalance(protocolError('REBALANCE_IN_PROGRESS'))).toBe(true);
  });
});
