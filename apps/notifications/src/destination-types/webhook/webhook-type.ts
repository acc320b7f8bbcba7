import type { DestinationType } from '../destination-type.js';
import { readWebhookAttributes, viewWebhookAttributes } from './webhook-attributes.js';
import { MASK } from '../member-reader.js';
import { shownUrl } from './shown-url.js';
import { isSensitive, joinedConfig, partedConfig, readWebhookConfig } from './webhook-config.js';
import { WebhookDestination } from './webhook-destination.js';

/** An HTTP request for each event, signed where it is asked for. */
export const webhook: DestinationType = {
  name: 'webhook',
  templateTypes: { template_id_notification: ['webhook.notification'] },
  templateEscaping: 'json',
  readConfig: (params, former) => partedConfig(readWebhookConfig(params, former && joinedConfig(former))),
  viewConfig: (kept) => {
    const { url, verb, headers, sensitive } = joinedConfig(kept);
    const shown = Object.entries(headers).map(([name, value]) => [name, isSensitive(name, sensitive) ? MASK : value]);
    return {
      url: shownUrl(url),
      verb,
      custom_headers: Object.fromEntries(shown) as object,
      sensitive_headers: sensitive,
    };
  },
  readAttributes: readWebhookAttributes,
  viewAttributes: viewWebhookAttributes,
  open: (opening) => new WebhookDestination(opening),
};
