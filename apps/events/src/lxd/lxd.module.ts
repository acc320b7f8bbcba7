import { Module } from '@nestjs/common';
import { AccessModule, UpgradeModule } from '@tidings/access';
import { LiveModule } from '../live/live.module.js';
import { LxdAccess } from './lxd-access.js';
import { LxdErrorShape } from './lxd-error-shape.js';
import { LxdGate } from './lxd-gate.js';
import { LxdListeners } from './lxd-listeners.js';
import { LxdController } from './lxd.controller.js';
import { StreamUpgrade } from './stream-upgrade.js';

/** Events for LXD's clients. Needs the `DatabaseModule`. */
@Module({
  imports: [AccessModule, UpgradeModule, LiveModule],
  controllers: [LxdController],
  providers: [LxdAccess, LxdErrorShape, LxdGate, LxdListeners, StreamUpgrade],
})
export class LxdModule {}
