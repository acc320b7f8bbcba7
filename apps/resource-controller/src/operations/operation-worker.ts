import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ResourceDatabase } from '../resource-database.store.js';
import { carryOut } from './carried-out.js';

/** Another process may have begun something, or died over it. */
const LOOK_MS = 500;

/** Ends what was begun, one after another, whichever process began it. */
@Injectable()
export class OperationWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Operations');
  private readonly stopping = new AbortController();
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: ResourceDatabase) {}

  onApplicationBootstrap(): void {
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.working;
  }

  /** Looks at once, and again when the next may be due. */
  wake(): void {
    if (this.stopping.signal.aborted || this.working !== undefined) return;
    clearTimeout(this.timer);
    this.working = this.work().finally(() => {
      this.working = undefined;
      if (!this.stopping.signal.aborted) this.timer = setTimeout(() => this.wake(), LOOK_MS).unref();
    });
  }

  private async work(): Promise<void> {
    try {
      while (!this.stopping.signal.aborted && (await this.next()));
    } catch (error) {
      this.logger.warn(`An operation could not be carried out; it is tried again: ${String(error)}`);
    }
  }

  /** @returns whether there was one */
  private async next(): Promise<boolean> {
    return this.database.transaction(async (unit) => {
      const operation = await unit.dueOperation(new Date());
      if (operation === null) return false;
      const instance = await unit.lockedInstance(operation.instance_guid);
      if (instance !== null) await carryOut(unit, operation, instance);
      await unit.operations.delete(operation.id);
      return true;
    });
  }
}
