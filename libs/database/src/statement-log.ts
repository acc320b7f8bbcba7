import { Logger } from '@nestjs/common';
import type { Logger as TypeOrmLogger } from 'typeorm';

/**
 * Keeps TypeORM quiet: statements and their parameters are other people's data, and whatever fails is thrown as well.
 * What is left are its warnings.
 */
export class StatementLog implements TypeOrmLogger {
  private readonly logger = new Logger('Database');

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.logger.warn(String(message));
  }

  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
}
