import { Module } from '@nestjs/common';
import { AccessModule } from '@tidings/access';
import { LxdAccess } from './lxd-access.js';
import { LxdGate } from './lxd-gate.js';
import { LxdListeners } from './lxd-listeners.js';
import { LxdController } from './lxd.controller.js';
import { StreamUpgrade } from './stream-upgrade.js';

/** Events for LXD's clients. Needs the `UpgradeModule`. */
@Module({
  imports: [AccessModule],
  controllers: [LxdController],
  providers: [LxdAccess, LxdGate, LxdListeners, StreamUpgrade],
})
export class LxdModule {}
