import { isJsonObject, type JsonObject } from '@tidings/catalogue';
import type { DestinationType, ReadConfig } from '../destination-type.js';
import { MemberReader, present } from '../member-reader.js';
import { hiddenUrl } from './hidden-url.js';
import { SLACK_CONNECTIONS, SlackDestination } from './slack-destination.js';

const URL_RULE = {
  pattern: /^https?:\/\/[^\s@]{1,2000}$/,
  must: 'the URL of an incoming webhook, https://hooks.slack.com/services/…',
};
const TYPES = ['incoming_webhook'] as const;
const COLOUR = { pattern: /^#[0-9A-Fa-f]{6}$/, must: 'a colour like #0b5fff' };
const TEMPLATE_ID = { pattern: /^([0-9a-f-]{36})?$/i, must: 'the id of a template, or empty for none' };

/** A message in a channel of Slack, or of whoever speaks its incoming webhooks. */
export const slack: DestinationType = {
  name: 'slack',
  templateType: 'slack.notification',
  templateEscaping: 'json',
  connections: SLACK_CONNECTIONS,
  readConfig: readSlackConfig,
  viewConfig: ({ config, secrets }) => ({ ...config, url: hiddenUrl(String(secrets?.['url'])) }),
  readAttributes: (attributes, former) => {
    const reader = new MemberReader(attributes, 'attributes', ['attachment_color', 'template_id_notification'], former);
    const template = reader.text('template_id_notification', TEMPLATE_ID);
    const read = present({
      attachment_color: reader.text('attachment_color', COLOUR),
      template_id_notification: template === '' ? undefined : template,
    });
    reader.end();
    return read;
  },
  viewAttributes: (attributes) => attributes,
  open: (opening) => new SlackDestination(opening),
};

function readSlackConfig(params: unknown, former?: ReadConfig): ReadConfig {
  const kept = { ...former?.config, ...former?.secrets } as JsonObject;
  const given = asKept(params, kept);
  const reader = new MemberReader(given, 'config.params', ['url', 'type'], kept);
  const config = present({ type: reader.choice('type', TYPES) ?? 'incoming_webhook' });
  // Whoever knows the address may write into the channel.
  const url = reader.requiredText('url', URL_RULE);
  if (url !== '' && !URL.canParse(url)) reader.wrong('url', `must be ${URL_RULE.must}`);
  reader.end();
  return { config, secrets: { url } };
}

/** The hidden address, sent back, means the one that is kept. */
function asKept(params: unknown, kept: JsonObject): unknown {
  const { url } = kept;
  if (!isJsonObject(params) || typeof url !== 'string') return params;
  return params['url'] === hiddenUrl(url) ? { ...params, url } : params;
}
