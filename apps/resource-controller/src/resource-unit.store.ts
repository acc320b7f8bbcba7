import { randomUUID } from 'node:crypto';
import type { OutboxPublisher } from '@tidings/publishing/outbox';
import type { EntityManager, Repository } from 'typeorm';
import { PendingOperation } from './entities/pending-operation.entity.js';
import { ResourceGroup } from './entities/resource-group.entity.js';
import { ServiceInstance } from './entities/service-instance.entity.js';
import { ServiceKey } from './entities/service-key.entity.js';
import { lifecycleEvent, type LifecycleHappening } from './events/life-cycle-event.js';

/** One transaction: what is changed in it and what is told of it count together, or not at all. */
export class ResourceUnit {
  readonly groups: Repository<ResourceGroup>;
  readonly instances: Repository<ServiceInstance>;
  readonly keys: Repository<ServiceKey>;
  readonly operations: Repository<PendingOperation>;

  constructor(
    private readonly manager: EntityManager,
    private readonly outbox: OutboxPublisher,
  ) {
    this.groups = manager.getRepository(ResourceGroup);
    this.instances = manager.getRepository(ServiceInstance);
    this.keys = manager.getRepository(ServiceKey);
    this.operations = manager.getRepository(PendingOperation);
  }

  /** An instance, nobody else's until the end of the transaction. */
  async lockedInstance(guid: string): Promise<ServiceInstance | null> {
    return this.instances.findOne({ where: { guid }, lock: { mode: 'pessimistic_write' } });
  }

  /** A group, the same. */
  async lockedGroup(id: string): Promise<ResourceGroup | null> {
    return this.groups.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** What is due and no other process is at. */
  async dueOperation(now: Date): Promise<PendingOperation | null> {
    return this.operations
      .createQueryBuilder('operation')
      .where('operation.due_at <= :now', { now })
      .orderBy('operation.due_at')
      .limit(1)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getOne();
  }

  /** Publishes by way of the outbox. */
  async tell(happening: LifecycleHappening): Promise<void> {
    const id = randomUUID();
    const { type, payload } = lifecycleEvent(happening, id, new Date());
    await this.outbox.within(this.manager).publish(type, payload, { id });
  }
}
