import { Injectable } from '@nestjs/common';
import type { Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import { InstanceRepository, type StoredInstance } from '../instances/instance.repository.js';
import { found, uuidNamed } from './resource-id.js';
import { coversScopes, namesScopes } from './scope-cover.js';

/** The default instance's other name in paths. */
const DEFAULT = 'default';

/** Lets callers into the instances that their tokens are for. */
@Injectable()
export class InstanceGate {
  constructor(private readonly instances: InstanceRepository) {}

  /**
   * @param instanceId as the path has it: an id, or `default`
   * @throws {DomainError} `not_found`, also where the caller may not see all that the instance may; `permission_denied`
   *   where a token has no scopes at all, or sees the instance's events without administrating it
   */
  async enter(instanceId: string, caller: Principal): Promise<StoredInstance> {
    if (caller.scopes.length === 0) {
      throw denied('This token has no scopes; an instance is open to tokens that have all of its scopes, or "*".');
    }
    const instance = await this.find(instanceId);
    if (!coversScopes(caller.scopes, instance.scopes)) throw new DomainError('not_found');
    if (!namesScopes(caller.scopes, instance.scopes)) {
      throw denied(
        `This token may read the instance's events, but not change the instance: that takes its own scopes, ` +
          `${instance.scopes.join(', ')}, among those of the token.`,
      );
    }
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

function denied(problem: string): DomainError {
  return new DomainError('permission_denied', {}, { members: { errors: [{ field: '', problem }] } });
}
