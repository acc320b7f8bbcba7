import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { isConnectionError } from './database-errors.js';
import { DomainError } from '@tidings/runtime';
import { catchError, throwError, type Observable } from 'rxjs';

/** Says 503 instead of 500 where a route fails because the database is away. */
@Injectable()
export class DatabaseAvailability implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(
        catchError((error: unknown) =>
          throwError(() =>
            isConnectionError(error) ? new DomainError('database_unavailable', {}, { cause: error }) : error,
          ),
        ),
      );
  }
}
