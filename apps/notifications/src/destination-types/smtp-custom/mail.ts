import handlebars from 'handlebars';
import { convert } from 'html-to-text';
import type { Shipment } from '../destination-type.js';
import { type EventSummary, summaryOf } from '../event-summary.js';

const { escapeExpression } = handlebars;
/** What some servers take in one line of a head. */
const SUBJECT_CHARACTERS = 200;

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
  const withEvent = attributes['add_notification_payload'] !== false;
  const reply = text('reply_to_mail');
  return {
    from: { name: text('from_name') ?? 'Tidings', address: text('from_email') ?? `notifications@${domain}` },
    // Recipients do not see each other.
    bcc: recipients.map(String),
    ...(reply !== undefined && { replyTo: { name: text('reply_to_name') ?? '', address: reply } }),
    // The same in all attempts, so that a mail program can drop a second copy.
    messageId: `<${messageId}@${domain}>`,
    subject: oneLine(rendered?.subject ?? summary.message),
    text: rendered === undefined ? plainText(summary, withEvent ? eventText : undefined) : convert(rendered.body),
    html: rendered?.body ?? html(summary, withEvent ? eventText : undefined),
    // Answering machines leave it alone: RFC 3834.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Webhook-Id': messageId },
  };
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
  const rows = rowsOf(summary).map(([name, value]) => `${name}: ${value}`);
  return [summary.message, '', ...rows, ...(eventText === undefined ? [] : ['', indented(eventText)])].join('\n');
}

function html(summary: EventSummary, eventText: string | undefined): string {
  const rows = rowsOf(summary).map(
    ([name, value]) => `<tr><th align="left">${name}</th><td>${escapeExpression(value)}</td></tr>`,
  );
  const event = eventText === undefined ? '' : `<pre>${escapeExpression(indented(eventText))}</pre>`;
  return `<p>${escapeExpression(summary.message)}</p><table>${rows.join('')}</table>${event}`;
}

function indented(eventText: string): string {
  return JSON.stringify(JSON.parse(eventText), undefined, 2);
}
