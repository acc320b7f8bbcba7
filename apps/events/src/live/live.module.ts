import { Module } from '@nestjs/common';
import { AccessModule, UpgradeModule } from '@tidings/access';
import { QueryModule } from '../query/query.module.js';
import { LiveEvents } from './live-events.js';
import { LiveRowStore } from './live-row.store.js';
import { StoreLiveEvents } from './store-live-events.js';
import { StoreTail } from './store-tail.js';

/** How events are followed as they are stored. Needs the `DatabaseModule`. */
@Module({
  imports: [AccessModule, QueryModule, UpgradeModule],
  providers: [LiveRowStore, StoreTail, { provide: LiveEvents, useClass: StoreLiveEvents }],
  exports: [LiveEvents],
})
export class LiveModule {}
