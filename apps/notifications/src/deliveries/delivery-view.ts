import { NO_SUBSCRIPTION } from '../delivery/test-delivery.js';
import type { StoredAttempt, StoredDelivery } from './deliveries.repository.js';
import type { Attempt, Delivery } from './delivery.dto.js';

const NO_REPLAY = '00000000-0000-0000-0000-000000000000';

/** A delivery as answers show it. */
export function deliveryView(delivery: StoredDelivery): Delivery {
  const { id, state, attempts, notification_id, destination_id, last_status, ended_at } = delivery;
  const isTest = delivery.subscription_id === NO_SUBSCRIPTION;
  return {
    id,
    // That a dispatcher holds it is of no interest outside.
    state: state === 'leased' ? 'delivering' : state,
    event: { id: delivery.event_id, type: delivery.event_type, source: delivery.event_source },
    notification_id,
    destination_id,
    subscription_id: isTest ? null : delivery.subscription_id,
    topic_id: isTest ? null : delivery.topic_id,
    replay_id: delivery.replay_id === NO_REPLAY ? null : delivery.replay_id,
    configuration_version: Number(delivery.configuration_version),
    attempts,
    last_status,
    next_attempt_at: state === 'waiting' ? delivery.next_attempt_at.toISOString() : null,
    created_at: delivery.created_at.toISOString(),
    ended_at: ended_at?.toISOString() ?? null,
  };
}

/**
 * An attempt as answers show it. What a receiver answered where all went well is for the operator alone: a tenant could
 * have a service inside the operator's network called, and read its pages.
 */
export function attemptView({ at, ...attempt }: StoredAttempt, isOperator: boolean): Attempt {
  const { number, latency_ms, outcome, status, problem } = attempt;
  const response_head = isOperator || outcome !== 'delivered' ? attempt.response_head : null;
  return { number, at: at.toISOString(), latency_ms, outcome, status, problem, response_head };
}
