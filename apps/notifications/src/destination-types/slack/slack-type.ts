import { isJsonObject, type JsonObject } from '@tidings/catalogue';
import { invalidQuery } from '@tidings/runtime';
import type { DestinationType, ReadConfig } from '../destination-type.js';
import { MemberReader, present } from '../member-reader.js';
import { templateChoice } from '../template-choice.js';
import { hiddenUrl } from './hidden-url.js';
import { SLACK_CONNECTIONS, SlackDestination } from './slack-destination.js';

const URL_RULE = {
  pattern: /^https?:\/\/[^\s@]{1,2000}$/,
  must: 'the URL of an incoming webhook, https://hooks.slack.com/services/…',
};
const TYPES = ['incoming_webhook'] as const;
const COLOUR = { pattern: /^#[0-9A-Fa-f]{6}$/, must: 'a colour like #0b5fff' };
const ATTRIBUTES = ['attachment_color', 'template_id_notification', 'channels'];
const INSTEAD = 'make a destination with the URL of an incoming webhook for each channel';

/** A message in a channel of Slack, or of whoever speaks its incoming webhooks. */
export const slack: DestinationType = {
  name: 'slack',
  templateTypes: { template_id_notification: ['slack.notification'] },
  templateEscaping: 'json',
  connections: SLACK_CONNECTIONS,
  readConfig: readSlackConfig,
  viewConfig: ({ config, secrets }) => ({ ...config, url: hiddenUrl(String(secrets?.['url'])) }),
  readAttributes: (attributes, former) => {
    const reader = new MemberReader(attributes, 'attributes', ATTRIBUTES, former);
    if (reader.value('channels') !== undefined) {
      reader.wrong('channels', `are for direct messages, which are not supported; ${INSTEAD}`);
    }
    const read = present({
      attachment_color: reader.text('attachment_color', COLOUR),
      template_id_notification: templateChoice(reader, 'template_id_notification'),
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
  const isDirect = isJsonObject(params) && (params['type'] === 'direct_message' || 'token' in params);
  if (isDirect) {
    const problem = `direct messages by a bot’s token are not supported; ${INSTEAD}, "type": "incoming_webhook"`;
    throw invalidQuery({ 'config.params.type': [problem] });
  }
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
