import { htmlPage, prose, text } from '@tidings/openapi';
import type { AsyncApiDocument, DocumentedChannel } from './asyncapi-document.js';
import type { DocumentedMessage } from './asyncapi-messages.js';

/** The document for people: one page that needs no script and nothing from elsewhere. */
export function asyncApiPage(document: AsyncApiDocument): string {
  const { info, channels, components } = document;
  return htmlPage(`${info.title}: the events`, [
    `<h1>${text(info.title)}: the events</h1>`,
    `<p>${prose(info.description)} For programs: <a href="/docs/async.json">async.json</a>.</p>`,
    '<h2>Headers of every event</h2>',
    `<pre>${text(JSON.stringify(components.messageTraits, null, 2))}</pre>`,
    ...Object.values(channels).map((channel) => channelPart(channel, document)),
  ]);
}

function channelPart(channel: DocumentedChannel, { components }: AsyncApiDocument): string {
  const messages = Object.keys(channel.messages).flatMap((name) => components.messages[name] ?? []);
  return [
    `<h2>${text(channel.title)}</h2>`,
    `<p><code>${text(channel.address)}</code> ${prose(channel.description)}</p>`,
    ...messages.map((message) => messagePart(message, components.schemas)),
  ].join('\n');
}

function messagePart(message: DocumentedMessage, schemas: AsyncApiDocument['components']['schemas']): string {
  const reference = message.payload['$ref'];
  const schemaName = typeof reference === 'string' ? (reference.split('/').at(-1) ?? '') : '';
  const schema = schemas[schemaName] ?? message.payload;
  const examples = (message.examples ?? []).map(
    ({ payload }) => `<p>Example</p><pre>${text(JSON.stringify(payload, null, 2))}</pre>`,
  );
  const groups = (message.tags ?? []).map(({ name }) => `<code>${text(name)}</code>`).join(' ');
  return [
    `<details><summary><code>${text(message.name)}</code> ${prose(message.summary)}</summary>`,
    groups === '' ? '' : `<p>Groups: ${groups}</p>`,
    ...examples,
    `<p>Schema</p><pre>${text(JSON.stringify(schema, null, 2))}</pre></details>`,
  ].join('\n');
}
