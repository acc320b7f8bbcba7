import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, invalidQuery } from '@tidings/runtime';
import { DEFAULT_GROUP, DEFAULT_REGION, guidNamed, instanceCrn } from '../api/resource-names.js';
import type { ResourceListQuery } from '../api/resource-list.dto.js';
import { planNamed } from '../broker/service-catalog.js';
import type { OperationRequest, OperationType } from '../entities/pending-operation.entity.js';
import type { ServiceInstance } from '../entities/service-instance.entity.js';
import { ofInstance } from '../events/happenings.js';
import type { Actor } from '../events/life-cycle-event.js';
import { OperationWorker } from '../operations/operation-worker.js';
import { ResourceDatabase } from '../resource-database.store.js';
import type { ResourceUnit } from '../resource-unit.store.js';
import type { ResourceInstanceChange, ResourceInstanceDraft } from './instance.dto.js';

/** How long a broker takes, milliseconds: long enough to be seen in progress. */
const BROKER_MS = 300;

/** Instances. What takes a broker is only begun here, and ended by the {@link OperationWorker}. */
@Injectable()
export class InstanceService {
  constructor(
    private readonly database: ResourceDatabase,
    private readonly worker: OperationWorker,
  ) {}

  /** @returns one more than asked for, where there are more */
  async list({ limit, start }: ResourceListQuery): Promise<readonly ServiceInstance[]> {
    const found = this.database.reading.instances.createQueryBuilder('instance').orderBy('instance.guid');
    if (start !== undefined) found.where('instance.guid::text > :start', { start });
    return found.limit(limit + 1).getMany();
  }

  /** @throws {DomainError} `not_found` */
  async find(id: string): Promise<ServiceInstance> {
    const guid = guidNamed(id);
    const instance = guid === undefined ? null : await this.database.reading.instances.findOneBy({ guid });
    if (instance === null) throw new DomainError('not_found');
    return instance;
  }

  async create(draft: ResourceInstanceDraft, actor: Actor): Promise<ServiceInstance> {
    const { service } = planNamed(draft.resource_plan_id);
    const instance = await this.database.transaction(async (unit) => {
      const group = await unit.lockedGroup(draft.resource_group ?? DEFAULT_GROUP);
      if (group === null) {
        throw new DomainError('conflict', {
          reason: 'There is no such resource_group; GET /v2/resource_groups lists them.',
        });
      }
      const guid = randomUUID();
      const now = new Date();
      const region = draft.target ?? DEFAULT_REGION;
      const made = unit.instances.create({
        guid,
        crn: instanceCrn(service.name, region, group.account_id, guid),
        account_id: group.account_id,
        resource_group_id: group.id,
        resource_id: service.resourceId,
        resource_plan_id: draft.resource_plan_id,
        region_id: region,
        name: draft.name,
        state: 'provisioning',
        locked: false,
        parameters: draft.parameters ?? {},
        last_operation: { type: 'create', state: 'in progress', description: 'Started create instance operation' },
        created_at: now,
        created_by: actor.id,
        updated_at: now,
        promo_code: null,
        restored_at: null,
        restored_by: null,
        scheduled_reclaim_at: null,
        scheduled_reclaim_by: null,
      });
      await unit.instances.insert(made);
      await this.begin(unit, made, 'create', {}, actor);
      await unit.tell(ofInstance('instance:create_inprogress', made, actor));
      return made;
    });
    this.worker.wake();
    return instance;
  }

  /** Another plan, or another name and other parameters. */
  async change(
    id: string,
    { resource_plan_id, ...rest }: ResourceInstanceChange,
    actor: Actor,
  ): Promise<ServiceInstance> {
    const changed = Object.values(rest).filter((value) => value !== undefined).length;
    if (resource_plan_id === undefined ? changed === 0 : changed > 0) {
      throw invalidQuery({ body: ['must have name or parameters, or else resource_plan_id alone'] });
    }
    if (resource_plan_id === undefined) return this.ask(id, 'update', rest, actor);
    return this.ask(id, 'update_plan', { resource_plan_id }, actor);
  }

  async remove(id: string, recursive: boolean, actor: Actor): Promise<ServiceInstance> {
    return this.ask(id, 'delete', { recursive }, actor);
  }

  /** Switches it on or off. A locked one stays as it is, and that is told, too. */
  async changeState(id: string, state: 'active' | 'inactive', actor: Actor): Promise<ServiceInstance> {
    const { instance, refusal } = await this.settled(id, async (unit, found) => {
      if (found.locked) {
        const reason = `the instance ${found.name} is locked; unlock it first`;
        await unit.tell(ofInstance('instance:update_state_failure', found, actor, reason));
        return reason;
      }
      await this.become(unit, found, { state }, actor);
      return undefined;
    });
    // Behind the commit: that it failed is as true as anything else that is told.
    if (refusal !== undefined) throw new DomainError('conflict', { reason: sentence(refusal) });
    return instance;
  }

  async lock(id: string, locked: boolean, actor: Actor): Promise<ServiceInstance> {
    const { instance } = await this.settled(id, async (unit, found) => {
      if (found.locked !== locked) await this.become(unit, found, { locked }, actor);
      return undefined;
    });
    return instance;
  }

  async applyPromoCode(id: string, code: string, actor: Actor): Promise<ServiceInstance> {
    const { instance } = await this.settled(id, async (unit, found) => {
      Object.assign(found, { promo_code: code, updated_at: new Date() });
      await unit.instances.save(found);
      await unit.tell(ofInstance('instance:apply_promo_code', found, actor));
      return undefined;
    });
    return instance;
  }

  private async become(
    unit: ResourceUnit,
    instance: ServiceInstance,
    change: Partial<Pick<ServiceInstance, 'state' | 'locked'>>,
    actor: Actor,
  ): Promise<void> {
    const description = 'Completed update_state instance operation';
    Object.assign(instance, {
      ...change,
      updated_at: new Date(),
      last_operation: { type: 'update_state', state: 'succeeded', description },
    });
    await unit.instances.save(instance);
    await unit.tell(ofInstance('instance:update_state', instance, actor));
  }

  private async ask(
    id: string,
    type: 'update' | 'update_plan' | 'delete',
    request: OperationRequest,
    actor: Actor,
  ): Promise<ServiceInstance> {
    const { instance } = await this.settled(id, async (unit, found) => {
      if (found.locked) throw new DomainError('conflict', { reason: `The instance ${found.name} is locked.` });
      const description = `Started ${type} instance operation`;
      found.last_operation = { type, state: 'in progress', description };
      found.updated_at = new Date();
      await unit.instances.save(found);
      await this.begin(unit, found, type, request, actor);
      await unit.tell(ofInstance(`instance:${type}_inprogress`, found, actor));
      return undefined;
    });
    this.worker.wake();
    return instance;
  }

  private async begin(
    unit: ResourceUnit,
    { guid }: ServiceInstance,
    type: OperationType,
    request: OperationRequest,
    actor: Actor,
  ): Promise<void> {
    await unit.operations.insert({
      instance_guid: guid,
      type,
      request,
      actor_id: actor.id,
      actor_name: actor.name,
      due_at: new Date(Date.now() + BROKER_MS),
    });
  }

  /** Works on an instance of which nothing is under way. @throws {DomainError} `not_found` or `conflict` */
  private async settled(
    id: string,
    work: (unit: ResourceUnit, instance: ServiceInstance) => Promise<string | undefined>,
  ): Promise<{ readonly instance: ServiceInstance; readonly refusal: string | undefined }> {
    const guid = guidNamed(id);
    return this.database.transaction(async (unit) => {
      const instance = guid === undefined ? null : await unit.lockedInstance(guid);
      if (instance === null) throw new DomainError('not_found');
      const { last_operation: last, name, state } = instance;
      if (last.state === 'in progress') {
        throw new DomainError('conflict', { reason: `The ${last.type} of ${name} is in progress; wait for its end.` });
      }
      if (state === 'pending_reclamation') {
        throw new DomainError('conflict', { reason: `${name} is deleted; restore it by its reclamation first.` });
      }
      return { instance, refusal: await work(unit, instance) };
    });
  }
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
