import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { found } from '../api/resource-id.js';
import { demandFreeName } from '../api/taken-name.repository.js';
import { ConfigurationChanges } from '../configuration/configuration-changes.store.js';
import { type SourceMembers, SourceRepository, type StoredSource } from './source.repository.js';

/** Where an instance's events come from. */
@Injectable()
export class SourceService {
  constructor(
    private readonly sources: SourceRepository,
    private readonly changes: ConfigurationChanges,
  ) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredSource>> {
    return this.sources.page(instanceId, slice);
  }

  async find(instanceId: string, id: string): Promise<StoredSource> {
    return found(await this.sources.find(instanceId, id));
  }

  async create(instanceId: string, draft: SourceMembers, caller: Principal): Promise<StoredSource> {
    return this.changes.make(caller, async ({ client, audit }) => {
      await demandFreeName(client, 'source', instanceId, draft.name);
      const id = `${randomUUID()}:api`;
      await this.sources.insertApiSource(client, instanceId, id, draft);
      await audit({
        action: 'source.create',
        subject: `source:${id}`,
        after: { instance_id: instanceId, ...draft },
      });
      return found(await this.sources.find(instanceId, id, client));
    });
  }

  /** The toggle, among others. */
  async change(
    instanceId: string,
    id: string,
    patch: Partial<SourceMembers>,
    caller: Principal,
  ): Promise<StoredSource> {
    return this.changes.make(caller, async ({ client, audit }) => {
      const { name, description, enabled, store_notifications } = found(
        await this.sources.find(instanceId, id, client),
      );
      const before = { name, description, enabled, store_notifications };
      const after = { ...before, ...patch };
      await demandFreeName(client, 'source', instanceId, after.name, id);
      await this.sources.update(client, instanceId, id, after);
      await audit({
        action: actionOf(before.enabled, after.enabled),
        subject: `source:${id}`,
        before: { instance_id: instanceId, ...before },
        after: { instance_id: instanceId, ...after },
      });
      return found(await this.sources.find(instanceId, id, client));
    });
  }

  /** Its rules go from the topics; the topics stay. */
  async remove(instanceId: string, id: string, caller: Principal): Promise<void> {
    await this.changes.make(caller, async ({ client, audit }) => {
      const source = found(await this.sources.find(instanceId, id, client));
      if (source.system !== null) {
        const reason = 'A pre-defined source cannot be deleted; disable it by PATCH with {"enabled": false}.';
        throw new DomainError('conflict', { reason });
      }
      const { name, description, enabled, topic_names } = source;
      await this.sources.remove(client, instanceId, id);
      await audit({
        action: 'source.delete',
        subject: `source:${id}`,
        before: { instance_id: instanceId, name, description, enabled, topic_names },
      });
    });
  }
}

function actionOf(was: boolean, is: boolean): string {
  if (was === is) return 'source.update';
  return is ? 'source.enable' : 'source.disable';
}
