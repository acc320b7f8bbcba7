import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { callerOf, mayPublishAs, type Principal } from '@tidings/access';
import { DomainError } from '@tidings/runtime';
import type { Actor } from '../events/life-cycle-event.js';
import { SOURCE } from './resource-names.js';

/** Lets through who may cause events of this service's resources: to see them is theirs, too, and no other's. */
@Injectable()
export class SourceGuard implements CanActivate {
  /** @throws {DomainError} `source_not_allowed` */
  canActivate(context: ExecutionContext): boolean {
    const caller = callerOf(context.switchToHttp().getRequest<object>());
    if (caller === undefined || !mayPublishAs(caller, SOURCE)) {
      throw new DomainError('source_not_allowed', { source: SOURCE });
    }
    return true;
  }
}

/** Who changes something: the events of it will say so. */
export function actorOf({ id, name }: Principal): Actor {
  return { id, name };
}
