import { dialGuarded, OutboundRefused } from '@tidings/outbound';
import { createTransport, type NodemailerError, type SMTPPoolSentMessageInfo, type Transporter } from 'nodemailer';
import type { AttemptResult, DestinationOpening, OpenDestination, Shipment } from '../destination-type.js';
import { blocked } from '../network-problem.js';
import { mailOf } from './mail.js';

const DEFAULT_PORTS = { starttls: 587, tls: 465, none: 25 } as const;
/** Deliveries beyond these wait before their deadline begins, and not within it. */
export const SMTP_CONNECTIONS = 4;
/** How much of the server's answer the log of attempts has. */
const HEAD_CHARACTERS = 1_024;

/** A mail server that somebody named. */
export class SmtpDestination implements OpenDestination {
  private readonly mailer: Transporter<SMTPPoolSentMessageInfo>;
  private readonly domain: string;

  constructor({ config, secrets, outbound }: DestinationOpening) {
    this.domain = String(config['domain']);
    const host = typeof config['host'] === 'string' ? config['host'] : this.domain;
    const mode = (config['tls'] ?? 'starttls') as keyof typeof DEFAULT_PORTS;
    const port = typeof config['port'] === 'number' ? config['port'] : DEFAULT_PORTS[mode];
    const { username } = config;
    const options = {
      pool: true as const,
      host,
      port,
      secure: mode === 'tls',
      requireTLS: mode === 'starttls',
      ignoreTLS: mode === 'none',
      ...(typeof username === 'string' && { auth: { user: username, pass: String(secrets['password']) } }),
      maxConnections: SMTP_CONNECTIONS,
      // What is mailed comes from events: none of it may name a file or an address to be attached.
      disableFileAccess: true,
      disableUrlAccess: true,
      // The attempts are the dispatcher's.
      maxRequeues: 0,
      getSocket: (_options: unknown, callback: (error: Error | null, socket?: unknown) => void) => {
        const socket = dialGuarded(outbound, {
          host,
          port,
          onConnect: () => {
            socket.off('error', callback);
            callback(null, { connection: socket });
          },
        });
        socket.once('error', callback);
      },
    };
    this.mailer = createTransport(options) as Transporter<SMTPPoolSentMessageInfo>;
  }

  async deliver(shipment: Shipment, signal: AbortSignal): Promise<AttemptResult> {
    const mail = mailOf(shipment, this.domain);
    if (mail === undefined) return { outcome: 'refused', status: 'no recipients', problem: 'Nobody is subscribed.' };
    try {
      const { response, rejected }: SMTPPoolSentMessageInfo = await this.mailer.sendMail({ ...mail, signal });
      const turnedAway = rejected.map(String);
      return {
        outcome: 'delivered',
        status: response.slice(0, 3),
        responseHead: response.slice(0, HEAD_CHARACTERS),
        ...(turnedAway.length > 0 && { problem: `The server refused ${turnedAway.length} of the recipients.` }),
      };
    } catch (error) {
      return failureOf(error, signal);
    }
  }

  close(): Promise<void> {
    this.mailer.close();
    return Promise.resolve();
  }
}

function failureOf(error: unknown, signal: AbortSignal): AttemptResult {
  if (error instanceof OutboundRefused) return blocked(error);
  if (signal.aborted) {
    return { outcome: 'failed', status: 'timeout', problem: 'The mail server did not answer in time.', backOff: true };
  }
  if (!(error instanceof Error)) throw error;
  const { responseCode, response, code } = error as NodemailerError;
  if (responseCode !== undefined) {
    return {
      // 4xx is for now, 5xx for good: RFC 5321, 4.2.1.
      outcome: responseCode >= 500 ? 'refused' : 'failed',
      status: String(responseCode),
      problem: `The mail server answered ${responseCode}.`,
      ...(responseCode >= 550 && { isAnswer: true }),
      ...(response !== undefined && { responseHead: response.slice(0, HEAD_CHARACTERS) }),
    };
  }
  const status = code ?? 'error';
  return { outcome: 'failed', status, problem: PROBLEMS[status] ?? 'The mail server could not be reached.' };
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ETLS: 'The mail server offers no TLS, or its certificate does not hold.',
  ESOCKET: 'The connection to the mail server failed, or its certificate does not hold.',
  EAUTH: 'The mail server does not take the user and the password.',
  EPROTOCOL: 'What answers is no mail server.',
};
