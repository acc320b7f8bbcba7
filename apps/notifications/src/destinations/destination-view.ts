import type { ShownDestination } from './destination.service.js';
import type { StoredDestination } from './destination.repository.js';

/** Members that IBM does not have: whether it takes events, why not, and when it is tried again. */
function ownMembers({ enabled, disabled_at, disabled_reason, retry_schedule_seconds }: StoredDestination) {
  return {
    enabled,
    ...(!enabled && { disabled_at: disabled_at?.toISOString() ?? null, disabled_reason }),
    retry_schedule: retry_schedule_seconds,
  };
}

/** As the answer to its making shows it. */
export function createdDestinationView(destination: ShownDestination) {
  const { id, name, description, type, collect_failed_events, params, created_at } = destination;
  return {
    id,
    name,
    description,
    type,
    collect_failed_events,
    config: { params },
    created_at: created_at.toISOString(),
    ...ownMembers(destination),
  };
}

/** As lists show it, without its configuration. */
export function listedDestinationView(destination: StoredDestination) {
  const { id, name, description, type, collect_failed_events, updated_at, subscription_names } = destination;
  return {
    id,
    name,
    description,
    type,
    collect_failed_events,
    updated_at: updated_at.toISOString(),
    subscription_count: subscription_names.length,
    subscription_names,
    ...ownMembers(destination),
  };
}

export function destinationView(destination: ShownDestination) {
  return { ...listedDestinationView(destination), config: { params: destination.params } };
}
