import { AssertionError } from 'node:assert';
import { Inject, Module, type DynamicModule } from '@nestjs/common';
import type { Payloads } from '@tidings/catalogue';
import type { TidingsConnection } from '../nest/tidings-connection.js';
import { TIDINGS_CONNECTION, TidingsModule } from '../nest/tidings.module.js';
import type { TidingsOptions } from '../nest/tidings-options.js';
import { payloadMatches, type PayloadMatcher } from './payload-match.js';
import type { RecordedEvent } from './recorded-event.js';
import { RecordingTransport } from './recording-transport.js';

/** As much of Nest's `TestingModuleBuilder` as is used here. */
export interface TestingModuleBuilderLike {
  overrideProvider(token: symbol): { useValue(value: unknown): unknown };
}

/**
 * The bus in tests: no broker, the same checks. Either import it where the service under test stands alone,
 * `imports: [TidingsTestingModule.forRoot()]`, and ask for it by `moduleRef.get(TidingsTestingModule)`; or put it in the place
 * of the application's own connection with {@link TidingsTestingModule.replaceIn}.
 */
@Module({})
export class TidingsTestingModule<Types extends object = Payloads> {
  private readonly transport: RecordingTransport;

  constructor(@Inject(TIDINGS_CONNECTION) { transport }: TidingsConnection) {
    if (!(transport instanceof RecordingTransport)) {
      throw new TypeError('TidingsTestingModule is imported beside TidingsModule; use TidingsTestingModule.replaceIn');
    }
    this.transport = transport;
  }

  /** @param options as of {@link TidingsModule}; nothing is connected, whatever they say */
  static forRoot(options: TidingsOptions = {}): DynamicModule {
    return {
      module: TidingsTestingModule,
      imports: [TidingsModule.forRoot({ ...options, transport: new RecordingTransport() })],
      exports: [TidingsModule],
      global: true,
    };
  }

  /**
   * Puts the bus in memory in the place of the application's connection.
   * @param builder `Test.createTestingModule({ imports: [AppModule] })`, before `compile()`
   */
  static replaceIn<Types extends object = Payloads>(builder: TestingModuleBuilderLike): TidingsTestingModule<Types> {
    const connection: TidingsConnection = { transport: new RecordingTransport(), prefix: '' };
    builder.overrideProvider(TIDINGS_CONNECTION).useValue(connection);
    return new TidingsTestingModule(connection);
  }

  /** Everything that was published, in order. */
  published(): readonly RecordedEvent[];
  /** What was published of one type, in order. */
  published<Type extends keyof Types & string>(type: Type): readonly RecordedEvent<Type, Types[Type]>[];
  published(type?: string): readonly RecordedEvent[] {
    return this.transport.events.filter((event) => type === undefined || event.type === type);
  }

  /**
   * @param matcher some fields of the payload, or a function of payload and event; without it any event of the type will do
   * @returns the first event of this type that matches
   * @throws {AssertionError} where there is none; it says what was published instead
   */
  expectPublished<Type extends keyof Types & string>(
    type: Type,
    matcher?: PayloadMatcher<Types[Type]>,
  ): RecordedEvent<Type, Types[Type]> {
    const all = this.published(type);
    const found = all.find((event) => payloadMatches(event, matcher));
    if (found !== undefined) return found;
    const others = [...new Set(this.transport.events.map((event) => event.type))];
    const instead = others.length === 0 ? 'nothing was' : `published were: ${others.join(', ')}`;
    const message =
      all.length === 0
        ? `expected ${type} to be published, but ${instead}`
        : `none of the ${all.length} published ${type} matches`;
    const expected = typeof matcher === 'function' ? undefined : matcher;
    throw new AssertionError({
      message,
      actual: all.map(({ payload }) => payload),
      expected,
      operator: 'expectPublished',
      stackStartFn: this.expectPublished.bind(this),
    });
  }

  /** Forgets what was published. */
  clear(): void {
    this.transport.events.length = 0;
  }

  /** Lets the broker go away and come back: what is published meanwhile rejects as retriable. */
  setReachable(reachable: boolean): void {
    this.transport.setReachable(reachable);
  }
}
