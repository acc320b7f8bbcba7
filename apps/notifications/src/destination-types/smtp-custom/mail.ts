import handlebars from 'handlebars';
import { convert } from 'html-to-text';
import type { Shipment } from '../destination-type.js';
import { type EventSummary, summaryOf } from '../event-summary.js';
import { htmlOfMarkdown } from './markdown.js';

const { escapeExpression } = handlebars;
/** What some servers take in one line of a head. */
const SUBJECT_CHARACTERS = 200;

/** Elements within each other, beyond which a mail's text leaves them out: whoever reads HTML that way recurses. */
const MAX_ELEMENT_DEPTH = 100;

/** A mail as nodemailer takes it. */
export interface Mail {
  readonly from: { readonly name: string; readonly address: string };
  readonly bcc: string[];
  readonly replyTo?: { readonly name: string; readonly address: string };
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Record<string, string>;
}

/** @returns undefined where nobody is to get it */
export function mailOf({ attributes, messageId, rendered, eventText }: Shipment, domain: string): Mail | undefined {
  const text = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const recipients = attributes['subscribed'];
  if (!Array.isArray(recipients) || recipients.length === 0) return undefined;
  const summary = summaryOf(eventText);
  const shown = attributes['add_notification_payload'] === false ? undefined : eventText;
  const reply = text('reply_to_mail');
  return {
    from: { name: text('from_name') ?? 'Tidings', address: text('from_email') ?? `notifications@${domain}` },
    // Recipients do not see each other.
    bcc: recipients.map(String),
    ...(reply !== undefined && { replyTo: { name: text('reply_to_name') ?? '', address: reply } }),
    // The same in all attempts, so that a mail program can drop a second copy.
    messageId: `<${messageId}@${domain}>`,
    subject: oneLine(rendered?.subject ?? summary.sent.subject ?? summary.message),
    text: rendered === undefined ? plainText(summary, shown) : textOfHtml(rendered.body),
    html: rendered?.body ?? html(summary, shown),
    // Answering machines leave it alone: RFC 3834.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Webhook-Id': messageId },
  };
}

function textOfHtml(html: string): string {
  return convert(html, { limits: { maxDepth: MAX_ELEMENT_DEPTH } });
}

function oneLine(subject: string): string {
  return subject
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, SUBJECT_CHARACTERS);
}

function rowsOf({ type, source, time, subject }: EventSummary): [string, string][] {
  const rows: [string, string][] = [
    ['Type', type],
    ['Source', source],
    ['Time', time],
  ];
  return subject === undefined ? rows : [...rows, ['Subject', subject]];
}

function plainText(summary: EventSummary, eventText: string | undefined): string {
  return [plainBody(summary), ...(eventText === undefined ? [] : ['', indented(eventText)])].join('\n');
}

/** What the sender wrote for mails stands for itself; anything else is told with the event's own attributes. */
function plainBody(summary: EventSummary): string {
  const { message, sent } = summary;
  if (sent.html !== undefined) return textOfHtml(sent.html);
  if (sent.markdown !== undefined) return sent.markdown;
  const rows = rowsOf(summary).map(([name, value]) => `${name}: ${value}`);
  return [message, ...(sent.long === undefined ? [] : ['', sent.long]), '', ...rows].join('\n');
}

function html(summary: EventSummary, eventText: string | undefined): string {
  const event = eventText === undefined ? '' : `<pre>${escapeExpression(indented(eventText))}</pre>`;
  return htmlBody(summary) + event;
}

function htmlBody(summary: EventSummary): string {
  const { message, sent } = summary;
  if (sent.html !== undefined) return sent.html;
  if (sent.markdown !== undefined) return htmlOfMarkdown(sent.markdown);
  const rows = rowsOf(summary).map(
    ([name, value]) => `<tr><th align="left">${name}</th><td>${escapeExpression(value)}</td></tr>`,
  );
  const long = sent.long === undefined ? '' : `<p>${lines(sent.long)}</p>`;
  return `<p>${escapeExpression(message)}</p>${long}<table>${rows.join('')}</table>`;
}

function lines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => escapeExpression(line))
    .join('<br>');
}

function indented(eventText: string): string {
  return JSON.stringify(JSON.parse(eventText), undefined, 2);
}
