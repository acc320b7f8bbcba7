import type { Operations } from '@tidings/openapi';
import { ASYNCAPI_OPERATIONS } from './asyncapi/asyncapi.operations.js';
import { CATALOGUE_OPERATIONS } from './catalogue/catalogue.operations.js';
import { CONSOLE_OPERATIONS } from './console/console.operations.js';
import { DEAD_LETTER_OPERATIONS } from './dead-letters/dead-letter.operations.js';
import { STREAM_OPERATIONS } from './live/stream.operations.js';
import { LXD_OPERATIONS } from './lxd/lxd.operations.js';
import { EVENT_OPERATIONS } from './query/event.operations.js';
import { SCHEMA_OPERATIONS } from './schemas/schema.operations.js';
import { TOKEN_OPERATIONS } from './tokens/token.operations.js';

/** What the API's document says of this app's routes. */
export const EVENTS_OPERATIONS: Operations = {
  ...EVENT_OPERATIONS,
  ...STREAM_OPERATIONS,
  ...CATALOGUE_OPERATIONS,
  ...SCHEMA_OPERATIONS,
  ...ASYNCAPI_OPERATIONS,
  ...DEAD_LETTER_OPERATIONS,
  ...TOKEN_OPERATIONS,
  ...CONSOLE_OPERATIONS,
  ...LXD_OPERATIONS,
};
