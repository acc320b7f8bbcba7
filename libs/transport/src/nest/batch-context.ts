import { BaseRpcContext } from '@nestjs/microservices';
import type { BatchControl, RecordBatch } from '../port.js';

/** What a handler gets beside its batch: `@Ctx() context: BatchContext`. */
export class BatchContext extends BaseRpcContext<[RecordBatch, BatchControl]> {
  getBatch(): RecordBatch {
    return this.args[0];
  }

  getControl(): BatchControl {
    return this.args[1];
  }
}
