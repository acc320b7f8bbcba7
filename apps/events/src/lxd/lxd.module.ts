import { Module } from '@nestjs/common';
import { AccessModule, UpgradeModule } from '@tidings/access';
import { ERROR_DIALECT } from '@tidings/runtime';
import { LiveModule } from '../live/live.module.js';
import { QueryModule } from '../query/query.module.js';
import { LxdAccess } from './lxd-access.js';
import { LXD_ERRORS } from './lxd-error.js';
import { LxdGate } from './lxd-gate.js';
import { LxdListeners } from './lxd-listeners.js';
import { LxdController } from './lxd.controller.js';
import { StreamRequests } from './stream-request.js';
import { StreamUpgrade } from './stream-upgrade.js';

/** Events for LXD's clients. Needs the `DatabaseModule`. */
@Module({
  imports: [AccessModule, UpgradeModule, LiveModule, QueryModule],
  controllers: [LxdController],
  providers: [
    LxdAccess,
    LxdGate,
    LxdListeners,
    StreamRequests,
    StreamUpgrade,
    { provide: ERROR_DIALECT, useValue: LXD_ERRORS },
  ],
})
export class LxdModule {}
