import { Global, Module } from '@nestjs/common';
import { UpgradeDispatcher } from './upgrade-dispatcher.js';

/** Import it once a process that serves WebSockets; {@link UpgradeDispatcher} is then injectable everywhere. */
@Global()
@Module({ providers: [UpgradeDispatcher], exports: [UpgradeDispatcher] })
export class UpgradeModule {}
