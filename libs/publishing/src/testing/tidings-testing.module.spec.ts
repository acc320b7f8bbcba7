import { AssertionError } from 'node:assert';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { PayloadOf } from '@tidings/catalogue';
import { describe, expect, it } from 'vitest';
import { Publisher, TidingsModule } from '../index.js';
import { exampleOf, TidingsTestingModule } from './index.js';

const TYPE = 'com.waldur.customer_creation_succeeded';
const OTHER = 'com.waldur.customer_update_succeeded';

@Injectable()
class Customers {
  constructor(private readonly publisher: Publisher) {}

  async create(customer_uuid: string, customer_name = 'Ada'): Promise<void> {
    const payload = exampleOf(TYPE, { context: { customer_uuid, customer_name } });
    await this.publisher.publish(TYPE, payload, { site: 'rack1' });
  }

  async createMistaken(): Promise<void> {
    await this.publisher.publish(TYPE, {} as PayloadOf<typeof TYPE>);
  }
}

@Module({ imports: [TidingsModule.forRoot({ brokers: '127.0.0.1:1' })], providers: [Customers] })
class AppModule {}

const ONE = 'a'.repeat(32);
const TWO = 'b'.repeat(32);

async function alone() {
  const app = await Test.createTestingModule({
    imports: [TidingsTestingModule.forRoot()],
    providers: [Customers],
  }).compile();
  return { app, customers: app.get(Customers), tidings: app.get<TidingsTestingModule>(TidingsTestingModule) };
}

function thrown(work: () => unknown): AssertionError {
  try {
    work();
  } catch (error) {
    if (error instanceof AssertionError) return error;
    throw error;
  }
  throw new Error('it did not throw');
}

describe('the bus in tests', () => {
  it('keeps what was published, in order, as a consumer would see it', async () => {
    const { app, customers, tidings } = await alone();
    await customers.create(ONE);
    await customers.create(TWO);
    expect(tidings.published().map(({ subject, offset }) => [subject, offset])).toEqual([
      [ONE, '0'],
      [TWO, '1'],
    ]);
    const [first] = tidings.published(TYPE);
    expect(first).toMatchObject({ source: '/waldur/rack1', type: TYPE, kafkaTopic: 'lifecycle.waldur.customers' });
    // Typed by the type that was asked for.
    expect(first?.payload.context.customer_uuid).toBe(ONE);
    expect(tidings.published(OTHER)).toEqual([]);
    tidings.clear();
    expect(tidings.published()).toEqual([]);
    await app.close();
  });

  it('takes the place of an application’s own connection', async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const tidings = TidingsTestingModule.replaceIn(builder);
    const app = await builder.compile();
    await app.get(Customers).create(ONE);
    tidings.expectPublished(TYPE);
    await app.close();
  });

  it('is not to be had beside a real connection by mistake', async () => {
    const work = Test.createTestingModule({
      imports: [TidingsModule.forRoot({ brokers: '127.0.0.1:1' }), TidingsTestingModule],
    });
    await expect(work.compile()).rejects.toThrow('use TidingsTestingModule.replaceIn');
  });

  it('checks as the real one does', async () => {
    const { app, customers, tidings } = await alone();
    await expect(customers.createMistaken()).rejects.toMatchObject({ code: 'INVALID_PAYLOAD' });
    expect(tidings.published()).toEqual([]);
    await app.close();
  });

  it('lets the broker be away', async () => {
    const { app, customers, tidings } = await alone();
    tidings.setReachable(false);
    await expect(customers.create(ONE)).rejects.toMatchObject({ code: 'UNAVAILABLE', retriable: true });
    tidings.setReachable(true);
    await customers.create(TWO);
    tidings.expectPublished(TYPE, { context: { customer_uuid: TWO } });
    await app.close();
  });
});

describe('expecting an event', () => {
  it('finds it by some fields, by a framework’s matcher, or by a function', async () => {
    const { app, customers, tidings } = await alone();
    await customers.create(ONE, 'Ada');
    await customers.create(TWO, 'Grace');
    expect(tidings.expectPublished(TYPE).subject).toBe(ONE);
    expect(tidings.expectPublished(TYPE, { context: { customer_name: 'Grace' } }).subject).toBe(TWO);
    const matcher = expect.stringMatching(/^Gr/) as string;
    expect(tidings.expectPublished(TYPE, { context: { customer_name: matcher } }).subject).toBe(TWO);
    expect(
      tidings.expectPublished(TYPE, ({ context }, { offset }) => offset === '1' && context.customer_uuid === TWO),
    ).toBeDefined();
    await app.close();
  });

  it('says what was published instead', async () => {
    const { app, customers, tidings } = await alone();
    expect(thrown(() => tidings.expectPublished(TYPE)).message).toBe(
      `expected ${TYPE} to be published, but nothing was`,
    );
    await customers.create(ONE);
    expect(thrown(() => tidings.expectPublished(OTHER)).message).toContain(`published were: ${TYPE}`);
    const error = thrown(() => tidings.expectPublished(TYPE, { context: { customer_uuid: TWO } }));
    expect(error.message).toBe(`none of the 1 published ${TYPE} matches`);
    expect(error).toMatchObject({
      actual: [{ context: { customer_uuid: ONE } }],
      expected: { context: { customer_uuid: TWO } },
    });
    await app.close();
  });
});

describe('fixtures', () => {
  it('are the catalogue’s examples with a test’s own fields, and are checked', () => {
    expect(exampleOf(TYPE, { context: { customer_uuid: ONE } }).context).toMatchObject({ customer_uuid: ONE });
    expect(() => exampleOf(TYPE, { context: { customer_uuid: 7 as unknown as string } })).toThrow(
      'context.customer_uuid',
    );
    expect(() => exampleOf(`${TYPE}x` as typeof TYPE)).toThrow(`did you mean ${TYPE}`);
  });

  it('do not change each other', () => {
    const first = exampleOf(TYPE);
    (first.context as { customer_name: string }).customer_name = 'changed';
    expect(exampleOf(TYPE).context).not.toMatchObject({ customer_name: 'changed' });
  });
});

/** Never called: it has to compile, or rather, what is marked in it has not to. */
export function compileTime(tidings: TidingsTestingModule): void {
  // @ts-expect-error no such type
  tidings.expectPublished('com.waldur.no_such_thing');
  // @ts-expect-error no such field
  tidings.expectPublished(TYPE, { contxt: {} });
  // @ts-expect-error a wrong value
  exampleOf(TYPE, { context: { customer_uuid: 7 } });
}
