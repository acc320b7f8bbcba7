import { planNamed } from '../broker/service-catalog.js';
import { serviceBroker } from '../broker/service-broker.js';
import type { OperationType, PendingOperation } from '../entities/pending-operation.entity.js';
import type { ServiceInstance } from '../entities/service-instance.entity.js';
import { ofInstance, ofKey } from '../events/happenings.js';
import type { Actor } from '../events/life-cycle-event.js';
import type { ResourceUnit } from '../resource-unit.store.js';

/** For how long a deleted instance can be had back. */
const RECLAMATION_MS = 7 * 86_400_000;

/** One way in which an operation ends. */
type Ending = (
  unit: ResourceUnit,
  operation: PendingOperation,
  instance: ServiceInstance,
  actor: Actor,
) => Promise<void>;

/** Has the broker do what was asked for, and tells how it went: in the transaction in which it counts. */
export async function carryOut(
  unit: ResourceUnit,
  operation: PendingOperation,
  instance: ServiceInstance,
): Promise<void> {
  const actor = { id: operation.actor_id, name: operation.actor_name };
  await ENDINGS[operation.type](unit, operation, instance, actor);
}

const ENDINGS: Readonly<Record<OperationType, Ending>> = {
  create: async (unit, _operation, instance, actor) => {
    const refusal = serviceBroker.provision(instance.resource_plan_id, instance.parameters);
    if (refusal !== undefined) {
      await ended(unit, instance, 'create', refusal, { state: 'failed' });
      return unit.tell(ofInstance('instance:create_failure', instance, actor, refusal));
    }
    await ended(unit, instance, 'create', undefined, { state: 'active' });
    return unit.tell(ofInstance('instance:create', instance, actor));
  },

  update: async (unit, { request }, instance, actor) => {
    const refusal = serviceBroker.configure(request.parameters ?? {});
    const { name = instance.name, parameters = instance.parameters } = request;
    await ended(unit, instance, 'update', refusal, refusal === undefined ? { name, parameters } : {});
    const key = refusal === undefined ? 'instance:update' : 'instance:update_failure';
    return unit.tell(ofInstance(key, instance, actor, refusal));
  },

  update_plan: async (unit, { request }, instance, actor) => {
    const { resource_plan_id = instance.resource_plan_id } = request;
    const refusal = serviceBroker.changePlan(resource_plan_id);
    await ended(unit, instance, 'update_plan', refusal, refusal === undefined ? { resource_plan_id } : {});
    const key = refusal === undefined ? 'instance:update_plan' : 'instance:update_plan_failure';
    return unit.tell(ofInstance(key, instance, actor, refusal));
  },

  delete: async (unit, { request }, instance, actor) => {
    const keys = await unit.keys.findBy({ instance_guid: instance.guid });
    const refusal = serviceBroker.deprovision(keys.length, request.recursive === true);
    if (refusal !== undefined) {
      await ended(unit, instance, 'delete', refusal, {});
      return unit.tell(ofInstance('instance:delete_failure', instance, actor, refusal));
    }
    for (const key of keys) {
      await unit.keys.delete(key.guid);
      await unit.tell(ofKey('key:delete', key, instance, actor));
    }
    if (!planNamed(instance.resource_plan_id).plan.reclaimable) return gone(unit, instance, actor);
    const until = new Date(Date.now() + RECLAMATION_MS);
    await ended(unit, instance, 'delete', undefined, {
      state: 'pending_reclamation',
      scheduled_reclaim_at: until,
      scheduled_reclaim_by: actor.id,
    });
    await unit.operations.insert({
      instance_guid: instance.guid,
      type: 'reclaim',
      request: {},
      actor_id: actor.id,
      actor_name: actor.name,
      due_at: until,
    });
    return unit.tell(ofInstance('instance:schedule_reclaim', instance, actor));
  },

  reclaim: (unit, _operation, instance, actor) => gone(unit, instance, actor),
};

async function gone(unit: ResourceUnit, instance: ServiceInstance, actor: Actor): Promise<void> {
  const description = 'Completed delete instance operation';
  instance.last_operation = { type: 'delete', state: 'succeeded', description };
  await unit.instances.delete(instance.guid);
  // Told as it was last; there is no state for what is not there.
  await unit.tell(ofInstance('instance:delete', instance, actor));
}

async function ended(
  unit: ResourceUnit,
  instance: ServiceInstance,
  type: string,
  refusal: string | undefined,
  change: Partial<ServiceInstance>,
): Promise<void> {
  Object.assign(instance, {
    ...change,
    updated_at: new Date(),
    last_operation: {
      type,
      state: refusal === undefined ? 'succeeded' : 'failed',
      description: refusal ?? `Completed ${type} instance operation`,
    },
  });
  await unit.instances.save(instance);
}
