/** Under which all of Event Notifications' API is. */
export const API_ROOT = 'event-notifications';

/** The routes of instances. */
export const INSTANCES_PATH = `${API_ROOT}/v1/instances`;

/** The routes of what is in one instance. */
export const INSTANCE_PATH = `${INSTANCES_PATH}/:instance_id`;
