import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { catalogue } from '@tidings/catalogue';
import { DomainError } from '@tidings/runtime';
import { DeliveryCancellation } from '../api/delivery-cancellation.repository.js';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { found } from '../api/resource-id.js';
import { nameTaken } from '../api/taken-name.repository.js';
import { ConfigurationChanges } from '../configuration/configuration-changes.store.js';
import { addPredefinedSources } from '../configuration/seeding.store.js';
import type { NotificationInstanceDraft } from './instance.dto.js';
import { InstanceRepository, type StoredInstance } from './instance.repository.js';

/** Instances: what is configured in one is not seen in another. */
@Injectable()
export class InstanceService {
  constructor(
    private readonly instances: InstanceRepository,
    private readonly changes: ConfigurationChanges,
    private readonly cancellation: DeliveryCancellation,
  ) {}

  async page(slice: ListQuery): Promise<ListPage<StoredInstance>> {
    return this.instances.page(slice);
  }

  async create({ name, scopes }: NotificationInstanceDraft, caller: Principal): Promise<StoredInstance> {
    return this.changes.make(caller, async ({ client, audit }) => {
      const taker = await this.instances.idNamed(client, name);
      if (taker !== undefined) throw nameTaken('instance', name, taker);
      const id = randomUUID();
      await this.instances.insert(client, id, name, scopes);
      await addPredefinedSources(client, catalogue, id);
      await audit({ action: 'instance.create', subject: `instance:${id}`, after: { name, scopes } });
      return found(await this.instances.find(id, client));
    });
  }

  /** With all that is in it. */
  async remove(id: string, caller: Principal): Promise<void> {
    await this.changes.make(caller, async ({ client, audit }) => {
      const { name, scopes, is_default } = found(await this.instances.find(id, client));
      if (is_default) throw new DomainError('conflict', { reason: 'The default instance cannot be deleted.' });
      await this.instances.remove(client, id);
      await audit({ action: 'instance.delete', subject: `instance:${id}`, before: { name, scopes } });
    });
    await this.cancellation.ofInstance(id);
  }
}
