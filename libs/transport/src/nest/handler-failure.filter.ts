import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Passes on what a batch handler threw, as it is. Without it Nest logs the error itself and hands on an anonymous
 * `Internal server error`: the batch comes again all the same, but the consumer's log cannot say why.
 */
@Catch()
export class HandlerFailureFilter implements RpcExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}
