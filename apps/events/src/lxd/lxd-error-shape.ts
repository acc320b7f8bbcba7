import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { lxdAnswer, textOf } from './lxd-error.js';

/**
 * What LXD's clients are refused where no handler answers them: paths of LXD's that are not served here, and methods
 * that a path does not have. They look for LXD's shape below `/1.0`, whoever says no.
 */
@Injectable()
export class LxdErrorShape implements OnModuleInit {
  constructor(private readonly adapter: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.adapter.httpAdapter.getInstance();
    fastify.addHook('onSend', (request, { statusCode }, payload, done) => {
      const isRefusal = statusCode >= 400 && isLxdPath(request.url) && typeof payload === 'string';
      done(null, isRefusal ? reshaped(statusCode, payload) : payload);
    });
  }
}

/** `/`, `/1.0`, and all that is below. */
function isLxdPath(url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return path === '/' || path === '/1.0' || path.startsWith('/1.0/');
}

/** @param payload of the error; one that is not this house's is left alone */
function reshaped(status: number, payload: string): string {
  if (!payload.startsWith('{')) return payload;
  const body = JSON.parse(payload) as Readonly<Record<string, unknown>>;
  if (body['type'] === 'error') return payload;
  return JSON.stringify(lxdAnswer(status, status === 404 ? 'not found' : textOf(body)).body);
}
