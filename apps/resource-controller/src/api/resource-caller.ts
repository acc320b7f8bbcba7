import { mayPublishAs, type Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import type { Actor } from '../events/life-cycle-event.js';
import { SOURCE } from './resource-names.js';

/**
 * Who changes something: the events of it will say so.
 * @throws {DomainError} `source_not_allowed` where the caller may not cause events of this source
 */
export function actorOf(caller: Principal): Actor {
  if (!mayPublishAs(caller, SOURCE)) throw new DomainError('source_not_allowed', { source: SOURCE });
  return { id: caller.id, name: caller.name };
}
