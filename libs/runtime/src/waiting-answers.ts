import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Closes answers that wait behind another one for their connection (HTTP pipelining) when that ends. Node tells only the
 * one that has the connection; whatever the others give back when they close would be held for ever.
 */
export function closeWaitingAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw: request }, { raw: response }, done) => {
    if (response.socket === null) closeWithConnection(request, response);
    done();
  });
}

function closeWithConnection({ socket }: IncomingMessage, response: ServerResponse): void {
  const close = (): void => {
    response.destroy();
    response.emit('close');
  };
  // As many may wait as a client sends.
  socket.setMaxListeners(0).once('close', close);
  response.once('socket', () => socket.off('close', close));
}
