import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { event, system, type PayloadOf } from '@tidings/catalogue';
import { decodeRecord, MemoryTransport, TransportError } from '@tidings/transport';
import { IsString } from 'class-validator';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exampleOf } from '../testing/example-payload.js';
import { Publisher } from '../publisher.js';
import { TidingsModule } from './tidings.module.js';
import type { TidingsOptions } from './tidings-options.js';

const TYPE = 'com.waldur.customer_creation_succeeded';

@Injectable()
class Customers {
  constructor(readonly publisher: Publisher) {}

  async create(payload: PayloadOf<typeof TYPE>) {
    return await this.publisher.publish(TYPE, payload);
  }
}

/** A module that does not import TidingsModule itself. */
@Module({ providers: [Customers] })
class CustomersModule {}

@Module({})
class OptionsModule {}

class OrderPlaced {
  @IsString()
  order!: string;
}

const shop = system({
  name: 'shop',
  title: 'A shop',
  typePrefix: 'com.example.shop.',
  scopeRoles: {},
  undeclared: { subject: 'order', scopes: {}, message: () => 'Something happened in the shop.' },
  events: {
    order_placed: event<OrderPlaced>({
      summary: 'An order was placed',
      version: 1,
      groups: ['orders'],
      subject: 'order',
      scopes: {},
      message: ({ order }) => `Order ${order} was placed.`,
      payload: OrderPlaced,
      example: { order: '7' },
    }),
  },
});

async function brokerWith(...kafkaTopics: string[]): Promise<MemoryTransport> {
  const transport = new MemoryTransport();
  await transport.ensureTopics(kafkaTopics.map((kafkaTopic) => ({ kafkaTopic, partitions: 1, replicationFactor: 1 })));
  return transport;
}

async function appWith(...imports: Parameters<typeof Test.createTestingModule>[0]['imports'] & object) {
  return await Test.createTestingModule({ imports: [...imports, CustomersModule] }).compile();
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('TidingsModule', () => {
  it('gives every provider of the application a publisher', async () => {
    const transport = await brokerWith('team-lifecycle.waldur.customers');
    const app = await appWith(TidingsModule.forRoot({ transport, prefix: 'team-', origin: { site: 'rack1' } }));
    const published = await app.get(Customers, { strict: false }).create(exampleOf(TYPE));
    expect(published).toMatchObject({ kafkaTopic: 'team-lifecycle.waldur.customers', partition: 0, offset: '0' });
    const [record] = transport.records('team-lifecycle.waldur.customers');
    expect(decodeRecord(record!)).toMatchObject({ event: { id: published.id, source: '/waldur/rack1' } });
    await app.close();
  });

  it('takes options from other providers', async () => {
    const transport = await brokerWith('lifecycle.waldur.customers');
    const options = {
      module: OptionsModule,
      providers: [{ provide: 'OPTIONS', useValue: { transport } }],
      exports: ['OPTIONS'],
    };
    const app = await appWith(
      TidingsModule.forRootAsync({
        imports: [options],
        inject: ['OPTIONS'],
        useFactory: (given: TidingsOptions) => given,
      }),
    );
    expect(await app.get(Customers, { strict: false }).create(exampleOf(TYPE))).toMatchObject({ offset: '0' });
    await app.close();
  });

  it('publishes the types of the team’s own systems beside those of Tidings', async () => {
    const transport = await brokerWith('lifecycle.shop.orders', 'lifecycle.waldur.customers');
    const app = await appWith(TidingsModule.forRoot({ transport, systems: [shop] }));
    const publisher = app.get<Publisher<{ 'com.example.shop.order_placed': OrderPlaced }>>(Publisher, {
      strict: false,
    });
    expect(await publisher.publish('com.example.shop.order_placed', { order: '8' })).toMatchObject({ offset: '0' });
    await expect(
      publisher.publish('com.example.shop.order_placed', { order: 8 as unknown as string }),
    ).rejects.toMatchObject({ code: 'INVALID_PAYLOAD' });
    expect(await app.get(Customers, { strict: false }).create(exampleOf(TYPE))).toMatchObject({ offset: '0' });
    await app.close();
  });

  it('sends what was published before it closes, and refuses what comes later', async () => {
    const transport = await brokerWith('lifecycle.waldur.customers');
    const app = await appWith(TidingsModule.forRoot({ transport }));
    const customers = app.get(Customers, { strict: false });
    const last = customers.create(exampleOf(TYPE));
    await app.close();
    expect(await last).toMatchObject({ offset: '0' });
    await expect(customers.create(exampleOf(TYPE))).rejects.toMatchObject({ code: 'CLOSED', retriable: true });
  });

  it('starts although Kafka is not there, and says so to whoever publishes', async () => {
    vi.stubEnv('KAFKA_BROKERS', '127.0.0.1:1');
    const app = await appWith(TidingsModule.forRoot({ deadlineMs: 2_500 }));
    app.useLogger(false);
    const error: unknown = await app
      .get(Customers, { strict: false })
      .create(exampleOf(TYPE))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retriable: true });
    expect((error as Error).message).toContain('127.0.0.1:1');
    await app.close();
  });

  it.each([
    ['no Kafka is named', {}, {}, 'Set KAFKA_BROKERS'],
    [
      'the variable is wrong',
      { KAFKA_BROKERS: 'kafka' },
      {},
      'KAFKA_BROKERS: has to be a comma-separated list of host:port',
    ],
    [
      'the option is wrong',
      {},
      { brokers: 'kafka' },
      "brokers has to name Kafka as host:port, for example 'kafka-1:9092'",
    ],
    ['a log-in is half', { KAFKA_BROKERS: 'k:1', KAFKA_SASL_USERNAME: 'u' }, {}, 'KAFKA_SASL_MECHANISM: is needed'],
    ['the origin cannot be', {}, { brokers: 'k:1', origin: { site: 'No Site' } }, 'site '],
  ])('does not start when %s, and names what to mend', async (_case, environment, options, message) => {
    vi.stubEnv('KAFKA_BROKERS', '');
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await expect(appWith(TidingsModule.forRoot(options))).rejects.toThrow(message);
  });
});
