import { OutboundClient } from '@tidings/outbound';
import type { AttemptResult, DestinationOpening, OpenDestination, Shipment } from '../destination-type.js';
import { type EventSummary, summaryOf } from '../event-summary.js';
import { networkProblem } from '../network-problem.js';
import { resultOfAnswer } from '../http-result.js';

/** Deliveries at once: Slack allows about one message a second to a webhook, and would only turn more of them away. */
export const SLACK_CONNECTIONS = 4;
/** Slack takes no more in one message's blocks of Markdown, characters; escaping makes it longer. */
const MAX_MARKDOWN = 10_000;

/** An incoming webhook of Slack. */
export class SlackDestination implements OpenDestination {
  private readonly client: OutboundClient;
  private readonly url: URL;

  constructor({ secrets, outbound }: DestinationOpening) {
    this.client = new OutboundClient(outbound);
    this.url = new URL(String(secrets['url']));
  }

  async deliver(shipment: Shipment, signal: AbortSignal): Promise<AttemptResult> {
    const message = messageOf(shipment);
    if (message === undefined) {
      const problem = 'The template does not give JSON, which Slack asks for.';
      return { outcome: 'refused', status: 'template', problem };
    }
    try {
      const answer = await this.client.request({
        method: 'POST',
        url: this.url,
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Tidings' },
        body: Buffer.from(message),
        signal,
      });
      return resultOfAnswer(answer);
    } catch (error) {
      return networkProblem(error, signal);
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

/** @returns JSON text; undefined where a template gives something else */
function messageOf({ rendered, eventText, attributes }: Shipment): string | undefined {
  if (rendered !== undefined) return isJson(rendered.body) ? rendered.body : undefined;
  const summary = summaryOf(eventText);
  const { message, sent } = summary;
  const text = escaped(sent.markdown ?? [message, ...(sent.long === undefined ? [] : [sent.long])].join('\n'));
  const { attachment_color: color } = attributes;
  const attachment = {
    fallback: escaped(message),
    ...(typeof color === 'string' && { color }),
    fields: fieldsOf(summary).map(([title, value]) => ({ title, value: escaped(value), short: true })),
  };
  return JSON.stringify({ text, ...blocksOf(sent.markdown), attachments: [attachment] });
}

/** A block of Slack's takes Markdown as it is written elsewhere; the message's `text` is for those that know no blocks. */
function blocksOf(markdown: string | undefined): { readonly blocks?: readonly object[] } {
  if (markdown === undefined || markdown.length > MAX_MARKDOWN) return {};
  // A `>` begins a quotation there, and opens nothing.
  const text = markdown.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return { blocks: [{ type: 'markdown', text }] };
}

function fieldsOf({ type, source, time, subject }: EventSummary): [string, string][] {
  return [
    ['Type', type],
    ['Source', source],
    ['Time', time],
    ...(subject === undefined ? [] : [['Subject', subject] satisfies [string, string]]),
  ];
}

/** So that what an event says can neither mention people nor disguise a link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
