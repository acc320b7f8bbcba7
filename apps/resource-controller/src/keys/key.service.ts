import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@tidings/runtime';
import { guidNamed, keyCrn } from '../api/resource-names.js';
import type { ResourceListQuery } from '../api/resource-list.dto.js';
import { serviceBroker } from '../broker/service-broker.js';
import type { ServiceKey } from '../entities/service-key.entity.js';
import { ofKey } from '../events/happenings.js';
import type { Actor } from '../events/life-cycle-event.js';
import { ResourceDatabase } from '../resource-database.store.js';
import type { ResourceKeyDraft } from './key.dto.js';

/** Keys of instances. What a broker refuses is told as an event, and answered as a conflict. */
@Injectable()
export class KeyService {
  constructor(private readonly database: ResourceDatabase) {}

  /** @returns one more than asked for, where there are more */
  async list({ limit, start }: ResourceListQuery): Promise<readonly ServiceKey[]> {
    const found = this.database.reading.keys.createQueryBuilder('key').orderBy('key.guid');
    if (start !== undefined) found.where('key.guid::text > :start', { start });
    return found.limit(limit + 1).getMany();
  }

  /** @throws {DomainError} `not_found` */
  async find(id: string): Promise<ServiceKey> {
    const guid = guidNamed(id);
    const key = guid === undefined ? null : await this.database.reading.keys.findOneBy({ guid });
    if (key === null) throw new DomainError('not_found');
    return key;
  }

  /** @throws {DomainError} `conflict` where the broker refuses it */
  async create({ name, role = 'Reader', source }: ResourceKeyDraft, actor: Actor): Promise<ServiceKey> {
    const { key, refusal } = await this.database.transaction(async (unit) => {
      const guid = guidNamed(source);
      const instance = guid === undefined ? null : await unit.lockedInstance(guid);
      if (instance === null) {
        throw new DomainError('conflict', { reason: 'There is no instance with the guid or CRN that source names.' });
      }
      const id = randomUUID();
      const made = unit.keys.create({
        guid: id,
        crn: keyCrn(instance.crn, id),
        instance_guid: instance.guid,
        name,
        role,
        created_at: new Date(),
        created_by: actor.id,
      });
      const reason =
        instance.state === 'active' ? serviceBroker.bind(role) : `the instance ${instance.name} is not active`;
      if (reason === undefined) await unit.keys.insert(made);
      const happened = reason === undefined ? 'key:create' : 'key:create_failure';
      await unit.tell(ofKey(happened, made, instance, actor, reason));
      return { key: made, refusal: reason };
    });
    if (refusal !== undefined) throw refused('made', refusal);
    return key;
  }

  /** @throws {DomainError} `conflict` where its instance is locked */
  async remove(id: string, actor: Actor): Promise<void> {
    const { instance_guid, guid } = await this.find(id);
    const refusal = await this.database.transaction(async (unit) => {
      const instance = await unit.lockedInstance(instance_guid);
      const key = await unit.keys.findOneBy({ guid });
      // Somebody else was faster.
      if (instance === null || key === null) throw new DomainError('not_found');
      const reason = instance.locked ? `the instance ${instance.name} is locked; unlock it first` : undefined;
      if (reason === undefined) await unit.keys.delete(guid);
      const happened = reason === undefined ? 'key:delete' : 'key:delete_failure';
      await unit.tell(ofKey(happened, key, instance, actor, reason));
      return reason;
    });
    if (refusal !== undefined) throw refused('deleted', refusal);
  }
}

function refused(what: string, reason: string): DomainError {
  return new DomainError('conflict', { reason: `The key was not ${what}: ${reason}.` });
}
