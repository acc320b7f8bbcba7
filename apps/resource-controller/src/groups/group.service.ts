import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { databaseErrorCode } from '@tidings/database';
import { DomainError } from '@tidings/runtime';
import { DEFAULT_ACCOUNT, DEFAULT_GROUP, groupCrn } from '../api/resource-names.js';
import type { ResourceListQuery } from '../api/resource-list.dto.js';
import type { ResourceGroup } from '../entities/resource-group.entity.js';
import { ofGroup } from '../events/happenings.js';
import type { Actor } from '../events/life-cycle-event.js';
import { ResourceDatabase } from '../resource-database.store.js';
import type { ResourceUnit } from '../resource-unit.store.js';
import type { ResourceGroupDraft } from './group.dto.js';

const UNIQUE_VIOLATION = '23505';

/** Resource groups. */
@Injectable()
export class GroupService {
  constructor(private readonly database: ResourceDatabase) {}

  /** @returns one more than asked for, where there are more */
  async list({ limit, start }: ResourceListQuery): Promise<readonly ResourceGroup[]> {
    const found = this.database.reading.groups.createQueryBuilder('grp').orderBy('grp.id');
    if (start !== undefined) found.where('grp.id > :start', { start });
    return found.limit(limit + 1).getMany();
  }

  /** @throws {DomainError} `not_found` */
  async find(id: string): Promise<ResourceGroup> {
    const group = await this.database.reading.groups.findOneBy({ id });
    if (group === null) throw new DomainError('not_found');
    return group;
  }

  /** @throws {DomainError} `conflict` where the name is taken */
  async create({ name, account_id = DEFAULT_ACCOUNT }: ResourceGroupDraft, actor: Actor): Promise<ResourceGroup> {
    return this.changing(name, async (unit) => {
      const id = randomUUID().replaceAll('-', '');
      const now = new Date();
      const crn = groupCrn(account_id, id);
      const group = unit.groups.create({
        id,
        account_id,
        crn,
        name,
        created_at: now,
        created_by: actor.id,
        updated_at: now,
      });
      await unit.groups.insert(group);
      await unit.tell(ofGroup('resource_group:create', group, actor));
      return group;
    });
  }

  /** @throws {DomainError} `not_found`, or `conflict` where the name is taken */
  async rename(id: string, name: string, actor: Actor): Promise<ResourceGroup> {
    return this.changing(name, async (unit) => {
      const group = await this.locked(unit, id);
      Object.assign(group, { name, updated_at: new Date() });
      await unit.groups.save(group);
      await unit.tell(ofGroup('resource_group:update', group, actor));
      return group;
    });
  }

  /** @throws {DomainError} `not_found`, or `conflict` where something is in it */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.database.transaction(async (unit) => {
      const group = await this.locked(unit, id);
      if (id === DEFAULT_GROUP) throw new DomainError('conflict', { reason: 'The default resource group stays.' });
      const instances = await unit.instances.countBy({ resource_group_id: id });
      if (instances > 0) {
        throw new DomainError('conflict', {
          reason: `${instances} instances are in ${group.name}; delete them first.`,
        });
      }
      await unit.groups.delete(id);
      await unit.tell(ofGroup('resource_group:delete', group, actor));
    });
  }

  private async locked(unit: ResourceUnit, id: string): Promise<ResourceGroup> {
    const group = await unit.lockedGroup(id);
    if (group === null) throw new DomainError('not_found');
    return group;
  }

  private async changing(name: string, work: (unit: ResourceUnit) => Promise<ResourceGroup>): Promise<ResourceGroup> {
    try {
      return await this.database.transaction(work);
    } catch (error) {
      if (databaseErrorCode(error) !== UNIQUE_VIOLATION) throw error;
      throw new DomainError('conflict', { reason: `The account has a resource group named ${name} already.` });
    }
  }
}
