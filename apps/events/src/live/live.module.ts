import { Module } from '@nestjs/common';
import { AccessModule, UpgradeModule } from '@tidings/access';
import { QueryModule } from '../query/query.module.js';
import { HorizonWatch } from './horizon-watch.js';
import { LiveEvents } from './live-events.js';
import { LiveRowStore } from './live-row.store.js';
import { QueuedBytes } from './queued-bytes.js';
import { StoreLiveEvents } from './store-live-events.js';
import { StoreTail } from './store-tail.js';
import { StreamMetrics } from './stream-metrics.js';
import { StreamUpgrade } from './stream-upgrade.js';
import { StreamController } from './stream.controller.js';

/** How events are followed as they are stored. Needs the `DatabaseModule`. */
@Module({
  imports: [AccessModule, QueryModule, UpgradeModule],
  controllers: [StreamController],
  providers: [
    LiveRowStore,
    StoreTail,
    { provide: LiveEvents, useClass: StoreLiveEvents },
    HorizonWatch,
    QueuedBytes,
    StreamMetrics,
    StreamUpgrade,
  ],
  exports: [LiveEvents],
})
export class LiveModule {}
