export { type EventAbout, type EventOrigin } from './event-about.js';
export { TIDINGS_CONNECTION, TidingsModule } from './nest/tidings.module.js';
export { type TidingsConnection } from './nest/tidings-connection.js';
export { type TidingsOptions } from './nest/tidings-options.js';
export { PUBLISH_ERRORS, PublishError, type PublishErrorCode } from './publish-error.js';
export {
  Publisher,
  type EncodedEvent,
  type EventToPublish,
  type PublishedEvent,
  type PublisherOptions,
} from './publisher.js';
// What a call to the broker rejects with, and what the environment's mistakes are: a producer needs no other package.
export { EnvironmentError, StartError } from '@tidings/settings';
export { TRANSPORT_ERRORS, TransportError, type TransportErrorCode } from '@tidings/transport';
export { type EventTypeName, type PayloadOf, type Payloads } from '@tidings/catalogue';
