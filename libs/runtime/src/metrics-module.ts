import { Controller, type DynamicModule, Get, Injectable, Module, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Makes the metrics of this process. Asking twice for a name gives the same metric. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** @param name as Prometheus wants it, with its unit: `tidings_…_total` */
  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return this.existing<Counter<L>>(name) ?? new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** @param collect called before every scrape, to set the value */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L> {
    return (
      this.existing<Gauge<L>>(name) ??
      new Gauge<L>({
        name,
        help,
        labelNames,
        registers: [this.registry],
        ...(collect && {
          collect(this: Gauge<L>) {
            return collect(this);
          },
        }),
      })
    );
  }

  /** @param buckets upper bounds, in the unit of the name */
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly L[] = [],
  ): Histogram<L> {
    return (
      this.existing<Histogram<L>>(name) ??
      new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [this.registry] })
    );
  }

  private existing<M>(name: string): M | undefined {
    return this.registry.getSingleMetric(name) as M | undefined;
  }
}

/** `GET /metrics` for Prometheus. */
@Module({})
export class MetricsModule {
  /**
   * Import it once a process; {@link Metrics} is then injectable everywhere.
   * @param guarded the decorator that says who may read the metrics
   */
  static forRoot(guarded: ClassDecorator): DynamicModule {
    @guarded
    @Controller('metrics')
    class MetricsController {
      constructor(private readonly metrics: Metrics) {}

      @Get()
      async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
        void reply.type(this.metrics.registry.contentType);
        return this.metrics.registry.metrics();
      }
    }
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [Metrics],
      exports: [Metrics],
    };
  }
}
