import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { isConnectionError } from '@tidings/database';
import { DomainError } from '@tidings/runtime';
import { catchError, type Observable, throwError } from 'rxjs';

/** Says 503 instead of 500 where a route fails because the database is away. */
@Injectable()
export class DatabaseAvailability implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const told = (error: unknown): unknown =>
      isConnectionError(error) ? new DomainError('database_unavailable', {}, { cause: error }) : error;
    return next.handle().pipe(catchError((error: unknown) => throwError(() => told(error))));
  }
}
