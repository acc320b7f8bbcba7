import { catalogue } from '@tidings/catalogue';
import { parseEnvironment } from '@tidings/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expect, it, vi } from 'vitest';
import { asyncApiDocument } from './asyncapi-document.js';
import { asyncApiPage } from './asyncapi-page.js';
import { AsyncApiController } from './asyncapi.controller.js';

vi.mock(import('./asyncapi-document.js'), { spy: true });
vi.mock(import('./asyncapi-page.js'), { spy: true });

it('the page and the document are written once a process', () => {
  const controller = new AsyncApiController(catalogue, parseEnvironment({}));
  const request = { headers: {} } as FastifyRequest;
  const reply = { headers: () => reply } as unknown as FastifyReply;
  const [page, json] = [controller.page(request, reply), controller.json(request, reply)];
  expect(page).toContain('<html');
  expect(JSON.parse(json ?? '')).toHaveProperty('asyncapi');
  expect([controller.page(request, reply), controller.json(request, reply)]).toEqual([page, json]);
  expect(asyncApiDocument).toHaveBeenCalledOnce();
  expect(asyncApiPage).toHaveBeenCalledOnce();
});
