import { Module } from '@nestjs/common';
import { AccessModule } from '@tidings/access';
import { MeController } from './me.controller.js';
import { SessionController } from './session.controller.js';

/** Who is there, and how browsers sign in. */
@Module({ imports: [AccessModule], controllers: [MeController, SessionController] })
export class SessionsModule {}
