import { Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { InstanceRepository, type StoredInstance } from '../instances/instance.repository.js';
import { found, uuidNamed } from './resource-id.js';
import { coversScopes } from './scope-cover.js';

/** The default instance's other name in paths. */
const DEFAULT = 'default';

/** Lets callers into the instances whose events they may see. */
@Injectable()
export class InstanceGate {
  constructor(private readonly instances: InstanceRepository) {}

  /**
   * @param instanceId as the path has it: an id, or `default`
   * @throws {DomainError} `not_found`, also where the caller may not see all that the instance may; `permission_denied`
   *   where a token has no scopes at all
   */
  async enter(instanceId: string, caller: Principal): Promise<StoredInstance> {
    if (caller.scopes.length === 0) {
      const problem = 'This token has no scopes; an instance is open to tokens whose scopes cover its own.';
      throw new DomainError('permission_denied', {}, { members: { errors: [{ field: '', problem }] } });
    }
    const instance = await this.find(instanceId);
    if (!coversScopes(caller.scopes, instance.scopes)) throw new DomainError('not_found');
    return instance;
  }

  /**
   * For those who manage the instances themselves, rather than what is in them.
   * @param instanceId as the path has it: an id, or `default`
   * @throws {DomainError} `not_found`
   */
  async find(instanceId: string): Promise<StoredInstance> {
    const named = instanceId === DEFAULT ? this.instances.findDefault() : this.instances.find(uuidNamed(instanceId));
    return found(await named);
  }
}
