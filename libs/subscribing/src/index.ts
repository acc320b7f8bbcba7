export { SkipRecord } from '@tidings/transport';
export { type DeadLetterBox } from './dead-letter-box.js';
export { type DeadLetter, type DeadLetterMarks } from './dead-letter.js';
export { type KnownPattern, type MatchedTypes } from './event-pattern.js';
export { EventSubscriber } from './event-subscriber.js';
export { type SubscriptionStats } from './event-subscription.js';
export {
  OnEvent,
  OnEvents,
  type EventHandler,
  type EventsHandler,
  type EventsHandlerOptions,
  type HandlerOptions,
} from './handler-decorators.js';
export { type HandlerCounts } from './handler-work.js';
export { type HandlingContext } from './handling-context.js';
export { DEFAULT_RETRY_AFTER_MS, NotNow } from './handling-verdict.js';
export { type EventOf, type SubscribedEvent } from './subscribed-event.js';
export {
  NonConformingEvent,
  SUBSCRIBING_ERRORS,
  SubscribingError,
  type SubscribingErrorCode,
} from './subscribing-error.js';
export { type SubscribingOptions } from './subscribing-options.js';
export { TidingsSubscribingModule, type SubscribingAsyncOptions } from './subscribing.module.js';
