export { type EventAbout, type EventOrigin } from './event-about.js';
export { PUBLISH_ERRORS, PublishError, type PublishErrorCode } from './publish-error.js';
export {
  Publisher,
  type EncodedEvent,
  type EventToPublish,
  type PublishedEvent,
  type PublisherOptions,
} from './publisher.js';
