import { Controller, type DynamicModule, Get, Header, Logger, Module } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { Readiness, type ReadinessCheck, type ReadinessFinding } from './readiness.js';

const CHECK_DEADLINE_MS = 2_000;

/** `GET /health/live` (the process answers) and `GET /health/ready` (200, or 503 with what is down). */
@Module({})
export class HealthModule {
  /**
   * Import it once a process; {@link Readiness} is then injectable everywhere.
   * @param openToAll the decorator that opens a controller to callers without a token
   */
  static forRoot(openToAll: ClassDecorator): DynamicModule {
    @openToAll
    @Controller('health')
    class HealthController {
      private readonly logger = new Logger('Health');

      constructor(
        private readonly health: HealthCheckService,
        private readonly indicators: HealthIndicatorService,
        private readonly readiness: Readiness,
      ) {}

      @Get('live')
      @Header('cache-control', 'no-store')
      live(): { status: 'ok' } {
        return { status: 'ok' };
      }

      @Get('ready')
      @Header('cache-control', 'no-store')
      ready(): Promise<HealthCheckResult> {
        return this.health.check(
          [...this.readiness.entries()].map(([name, check]) => async () => {
            const finding = await this.find(name, check);
            const session = this.indicators.check(name);
            return finding.up ? session.up() : session.down({ reason: finding.reason });
          }),
        );
      }

      private async find(name: string, check: ReadinessCheck): Promise<ReadinessFinding> {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<ReadinessFinding>((resolve) => {
          timer = setTimeout(() => resolve({ up: false, reason: 'did not answer in time' }), CHECK_DEADLINE_MS);
        });
        try {
          return await Promise.race([check(), late]);
        } catch (error) {
          // The message may hold an address or worse: it goes to the log only.
          this.logger.warn(`The check of ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
          return { up: false, reason: 'the check failed' };
        } finally {
          clearTimeout(timer);
        }
      }
    }
    return {
      module: HealthModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [Readiness],
      exports: [Readiness],
    };
  }
}
