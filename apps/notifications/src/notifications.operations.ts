import type { Operations } from '@tidings/openapi';

/** What the API's document says of this app's routes. */
export const NOTIFICATIONS_OPERATIONS: Operations = {};
