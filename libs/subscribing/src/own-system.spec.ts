import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Catalogue, event, system } from '@tidings/catalogue';
import { encodeEvent, MemoryTransport } from '@tidings/transport';
import { IsString } from 'class-validator';
import { expect, expectTypeOf, it, vi } from 'vitest';
import { OnEvent } from './handler-decorators.js';
import type { EventOf } from './subscribed-event.js';
import { TidingsSubscribingModule } from './subscribing.module.js';

class LoafBaked {
  @IsString()
  loaf!: string;
}

const bakery = system({
  name: 'bakery',
  title: 'A bakery',
  typePrefix: 'com.example.bakery.',
  scopeRoles: {},
  undeclared: { subject: 'loaf', scopes: {}, message: () => 'Something happened in the bakery.' },
  events: {
    loaf_baked: event<LoafBaked>({
      summary: 'A loaf was baked',
      version: 1,
      groups: ['loaves'],
      subject: 'loaf',
      scopes: {},
      message: ({ loaf }) => `Loaf ${loaf} was baked.`,
      payload: LoafBaked,
      example: { loaf: '7' },
    }),
  },
});

declare module '@tidings/catalogue' {
  interface DeclaredSystems {
    bakery: typeof bakery;
  }
}

const seen: string[] = [];

@Injectable()
class Shelf {
  @OnEvent('com.example.bakery.*')
  baked({ data }: EventOf<'com.example.bakery.*'>): void {
    expectTypeOf(data).toEqualTypeOf<LoafBaked>();
    seen.push(data.loaf);
  }
}

it('hands out events of a team’s own system, with their types', async () => {
  const declared = new Catalogue([bakery]).type('com.example.bakery.loaf_baked')!;
  const transport = new MemoryTransport();
  await transport.ensureTopics([{ kafkaTopic: declared.kafkaTopic, partitions: 1, replicationFactor: 1 }]);
  const publisher = await transport.createPublisher();
  @Module({
    imports: [TidingsSubscribingModule.forRoot({ group: 'shelf', transport, systems: [bakery] })],
    providers: [Shelf],
  })
  class Consumer {}
  const app = await NestFactory.createApplicationContext(Consumer, { logger: false });
  const attributes = { id: '1', type: declared.type, source: '/bakery/main', time: '2026-11-02T08:01:53Z' };
  await publisher.publish([encodeEvent(declared.kafkaTopic, attributes, '{"loaf":"rye"}')]);
  await vi.waitFor(() => expect(seen).toEqual(['rye']), { timeout: 10_000 });
  await app.close();
  await transport.close();
});
