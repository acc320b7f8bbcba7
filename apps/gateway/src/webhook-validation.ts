import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';

/**
 * Answers the validation request of CloudEvents' web hooks (http-webhook 1.0, section 4): a sender asks whether it may
 * deliver here before it does. It may, as often as it likes; who may publish is decided by what it sends.
 */
export function answerValidation(headers: IncomingHttpHeaders, reply: FastifyReply): void {
  const origin = headers['webhook-request-origin'];
  reply.header('allow', 'OPTIONS, POST');
  if (typeof origin !== 'string' || origin === '') return;
  reply.header('webhook-allowed-origin', origin);
  reply.header('webhook-allowed-rate', '*');
}
