import { applyDecorators, UsePipes } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { ErrorCode } from '@tidings/runtime';
import { RequestPipe, type RequestPolicy } from './request-pipe.js';

/** What an operation brings along until the document is finished. */
export const EXTENSIONS = {
  policy: 'x-request-policy',
  errors: 'x-errors',
  controllerErrors: 'x-controller-errors',
  head: 'x-head',
} as const;

/** The routes of the controller take requests that are checked by their classes, and describe themselves. */
export function CheckedRequests(policy: RequestPolicy = {}): ClassDecorator & MethodDecorator {
  return applyDecorators(UsePipes(new RequestPipe(policy)), ApiExtension(EXTENSIONS.policy, policy));
}

/**
 * How the route, or every route of the controller, can fail, beyond what follows from its access, its path, its query and
 * its body.
 */
export function Fails(...codes: readonly ErrorCode[]): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor === undefined) ApiExtension(EXTENSIONS.controllerErrors, [...codes])(target);
    else ApiExtension(EXTENSIONS.errors, [...codes])(target, key ?? '', descriptor);
  };
}

/** Clients ask for the route with HEAD, too, for the sake of the headers. */
export const AlsoHead = (): MethodDecorator => ApiExtension(EXTENSIONS.head, true);
