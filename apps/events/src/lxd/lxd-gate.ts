import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { UpgradeDispatcher } from '@tidings/access';
import { lxdAnswer } from './lxd-error.js';

/** All that can be reached where LXD's API alone is served. */
const PATHS: ReadonlySet<string> = new Set(['/', '/1.0', '/1.0/events']);

/** How patient these servers are, milliseconds. */
const PATIENCE = { headers: 15_000, request: 30_000, idle: 10_000 } as const;

const MAX_CONNECTIONS = 10_000;

/** Serves LXD's paths, and no others, on further servers; the application itself answers. */
@Injectable()
export class LxdGate {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly dispatcher: UpgradeDispatcher,
  ) {}

  /**
   * Makes a server, which does not listen yet, serve LXD's paths.
   * @param identify looks, before each request, at who has the connection
   */
  open(server: Server, identify: (request: IncomingMessage) => Promise<void>): void {
    server.headersTimeout = PATIENCE.headers;
    server.requestTimeout = PATIENCE.request;
    server.keepAliveTimeout = PATIENCE.idle;
    server.maxConnections = MAX_CONNECTIONS;
    const main = this.adapter.httpAdapter.getHttpServer() as Server;
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      if (!isServed(request)) refuse(response);
      else whenIdentified(request, identify, () => main.emit('request', request, response));
    };
    server.on('request', answer);
    // The dispatcher gets a server that does not listen, so that only what is let through reaches it.
    const behind = createServer(answer);
    this.dispatcher.attach(behind);
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Until the dispatcher listens: an unheard error would end the process.
      socket.on('error', () => undefined);
      if (!isServed(request)) socket.end(NOT_FOUND_HEAD + NOT_FOUND);
      else whenIdentified(request, identify, () => behind.emit('upgrade', request, socket, head));
    });
  }
}

function whenIdentified(
  request: IncomingMessage,
  identify: (request: IncomingMessage) => Promise<void>,
  next: () => void,
): void {
  // Who cannot be told from others now must not be told that he is none of them.
  identify(request).then(next, () => request.socket.destroy());
}

function isServed({ url = '' }: IncomingMessage): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return PATHS.has(path.length > 1 ? path.replace(/\/$/, '') : path);
}

const NOT_FOUND = JSON.stringify(lxdAnswer(404, 'not found').body);
const NOT_FOUND_HEAD =
  'HTTP/1.1 404 Not Found\r\ncontent-type: application/json; charset=utf-8\r\n' +
  `content-length: ${Buffer.byteLength(NOT_FOUND)}\r\nconnection: close\r\n\r\n`;

function refuse(response: ServerResponse): void {
  // The connection goes with it: a body that came along is not read.
  response.writeHead(404, { 'content-type': 'application/json; charset=utf-8', connection: 'close' }).end(NOT_FOUND);
}
