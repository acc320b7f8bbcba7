import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import type { ListPage, ListQuery } from '../api/list.dto.js';
import { found } from '../api/resource-id.js';
import { demandFreeName } from '../api/taken-name.repository.js';
import { ConfigurationChanges } from '../configuration/configuration-changes.store.js';
import { type TemplateDraft, type TemplateReplacement, templateStateOf } from './template.dto.js';
import { type StoredTemplate, TemplateRepository, type TemplateState } from './template.repository.js';

/** How events are written for their receivers. */
@Injectable()
export class TemplateService {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly changes: ConfigurationChanges,
  ) {}

  async page(instanceId: string, slice: ListQuery): Promise<ListPage<StoredTemplate>> {
    return this.templates.page(instanceId, slice);
  }

  async find(instanceId: string, id: string): Promise<StoredTemplate> {
    return found(await this.templates.find(instanceId, id));
  }

  async create(instanceId: string, draft: TemplateDraft, caller: Principal): Promise<StoredTemplate> {
    return this.changes.make(caller, async ({ client, audit }) => {
      await demandFreeName(client, 'template', instanceId, draft.name);
      const id = randomUUID();
      const state = { description: '', subject: null, body: '', ...draft, ...templateStateOf(draft) };
      await this.templates.insert(client, instanceId, id, stateOf(state));
      await audit({
        action: 'template.create',
        subject: `template:${id}`,
        after: { instance_id: instanceId, ...stateOf(state) },
      });
      return found(await this.templates.find(instanceId, id, client));
    });
  }

  async replace(
    instanceId: string,
    id: string,
    replacement: TemplateReplacement,
    caller: Principal,
  ): Promise<StoredTemplate> {
    return this.changes.make(caller, async ({ client, audit }) => {
      const { subscription_names, ...former } = found(await this.templates.find(instanceId, id, client));
      const before = stateOf(former);
      const after = { ...before, ...templateStateOf(replacement) };
      await demandFreeName(client, 'template', instanceId, after.name, id);
      if (after.type !== before.type && subscription_names.length > 0) {
        const reason = `type: the template is used by ${subscription_names.join(', ')}; make another one instead.`;
        throw new DomainError('conflict', { reason });
      }
      await this.templates.update(client, id, after);
      await audit({
        action: 'template.update',
        subject: `template:${id}`,
        before: { instance_id: instanceId, ...before },
        after: { instance_id: instanceId, ...after },
      });
      return found(await this.templates.find(instanceId, id, client));
    });
  }

  async remove(instanceId: string, id: string, caller: Principal): Promise<void> {
    await this.changes.make(caller, async ({ client, audit }) => {
      const before = found(await this.templates.find(instanceId, id, client));
      await this.templates.remove(client, instanceId, id);
      await audit({
        action: 'template.delete',
        subject: `template:${id}`,
        before: { instance_id: instanceId, ...stateOf(before), subscription_names: before.subscription_names },
      });
    });
  }
}

function stateOf({ name, type, description, subject, body }: TemplateState): TemplateState {
  return { name, type, description, subject, body };
}
