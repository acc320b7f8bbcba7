import { Module } from '@nestjs/common';
import { DeliverySignal } from './delivery-signal.js';

/** One signal a process, for whoever puts deliveries into the table and for the dispatcher. */
@Module({ providers: [DeliverySignal], exports: [DeliverySignal] })
export class DeliverySignalModule {}
