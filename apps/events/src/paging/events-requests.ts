import { CheckedRequests } from '@tidings/openapi';
import { readQuery } from './query-parameters.js';

/** The routes of the controller read queries as Waldur's API does; bodies and paths are checked by their classes. */
export const EventsRequests = () => CheckedRequests({ nullIsMissing: true, readQuery });
