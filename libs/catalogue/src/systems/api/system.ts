import { event, system } from '../../definition.js';
import { isJsonObject } from '../../json.js';
import { NotificationPayload } from './payloads.js';

/** Events that people and scripts send through the notification API rather than a system that says its own. */
export const api = system({
  name: 'api',
  title: 'Notification API',
  typePrefix: 'io.tidings.api.',
  scopeRoles: {},
  undeclared: {
    subject: [],
    scopes: {},
    message: (data: unknown) => saidIn(data) ?? 'A notification was sent.',
  },
  events: {
    notification: event({
      summary: 'A notification was sent through the API',
      version: 1,
      groups: ['notifications'],
      subject: 'id',
      scopes: {},
      message: (payload) => saidIn(payload) ?? 'A notification was sent.',
      payload: NotificationPayload,
      example: { id: 'deploy-118', message: 'Release 118 is live.', severity: 'info' },
    }),
  },
});

/** Senders put what they have to say under different names; IBM's own examples use the first two. */
function saidIn(data: unknown): string | undefined {
  if (!isJsonObject(data)) return undefined;
  return [data['message'], data['short_description'], data['long_description'], data['title']].find(
    (said): said is string => typeof said === 'string' && said !== '',
  );
}
