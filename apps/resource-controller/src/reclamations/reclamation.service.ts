import { Injectable } from '@nestjs/common';
import { DomainError } from '@tidings/runtime';
import { guidNamed } from '../api/resource-names.js';
import type { ResourceListQuery } from '../api/resource-list.dto.js';
import type { ServiceInstance } from '../entities/service-instance.entity.js';
import { ofInstance } from '../events/happenings.js';
import type { Actor } from '../events/life-cycle-event.js';
import { OperationWorker } from '../operations/operation-worker.js';
import { ResourceDatabase } from '../resource-database.store.js';
import type { ResourceUnit } from '../resource-unit.store.js';

/** What has been deleted and can still be had back. */
@Injectable()
export class ReclamationService {
  constructor(
    private readonly database: ResourceDatabase,
    private readonly worker: OperationWorker,
  ) {}

  /** @returns one more than asked for, where there are more */
  async list({ limit, start }: ResourceListQuery): Promise<readonly ServiceInstance[]> {
    const found = this.database.reading.instances
      .createQueryBuilder('instance')
      .where({ state: 'pending_reclamation' })
      .orderBy('instance.guid');
    if (start !== undefined) found.andWhere('instance.guid::text > :start', { start });
    return found.limit(limit + 1).getMany();
  }

  /** Gives an instance back. @throws {DomainError} `not_found` where it is not, or no longer, to be reclaimed */
  async restore(id: string, actor: Actor): Promise<ServiceInstance> {
    return this.pending(id, async (unit, instance) => {
      const now = new Date();
      Object.assign(instance, {
        state: 'active',
        restored_at: now,
        restored_by: actor.id,
        updated_at: now,
        scheduled_reclaim_at: null,
        scheduled_reclaim_by: null,
        last_operation: { type: 'restore', state: 'succeeded', description: 'Completed restore instance operation' },
      });
      await unit.instances.save(instance);
      await unit.operations.delete({ instance_guid: instance.guid });
      await unit.tell(ofInstance('instance:restore', instance, actor));
    });
  }

  /** Takes an instance away before its time. @throws {DomainError} `not_found` as `restore` */
  async reclaim(id: string, actor: Actor): Promise<ServiceInstance> {
    const instance = await this.pending(id, async (unit, { guid }) => {
      await unit.operations.update(
        { instance_guid: guid },
        { due_at: new Date(), actor_id: actor.id, actor_name: actor.name },
      );
    });
    this.worker.wake();
    return instance;
  }

  private async pending(
    id: string,
    work: (unit: ResourceUnit, instance: ServiceInstance) => Promise<void>,
  ): Promise<ServiceInstance> {
    const guid = guidNamed(id);
    return this.database.transaction(async (unit) => {
      const instance = guid === undefined ? null : await unit.lockedInstance(guid);
      if (instance?.state !== 'pending_reclamation') throw new DomainError('not_found');
      await work(unit, instance);
      return instance;
    });
  }
}
