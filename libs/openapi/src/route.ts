import { applyDecorators, type Type, UsePipes } from '@nestjs/common';
import { ApiExtension, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { ErrorCode } from '@tidings/runtime';
import { RequestPipe, type RequestPolicy } from './request-pipe.js';

/** What an operation brings along until the document is finished. */
export const EXTENSIONS = {
  policy: 'x-request-policy',
  errors: 'x-errors',
  controllerErrors: 'x-controller-errors',
  head: 'x-head',
  body: 'x-body',
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

/** What a route takes that reads its body itself: a class for each media type. */
export function ReadBody(classes: Readonly<Record<string, Type>>): MethodDecorator {
  const references = Object.entries(classes).map(([media, type]) => [media, { schema: { $ref: getSchemaPath(type) } }]);
  return applyDecorators(
    ApiExtraModels(...Object.values(classes)),
    ApiExtension(EXTENSIONS.body, { required: true, content: Object.fromEntries(references) as object }),
  );
}

/** Clients ask for the route with HEAD, too, for the sake of the headers. */
export const AlsoHead = (): MethodDecorator => ApiExtension(EXTENSIONS.head, true);
