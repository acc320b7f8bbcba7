import { Module } from '@nestjs/common';
import { AccessModule } from '@tidings/access';
import { AuditController } from './audit.controller.js';
import { TokenController } from './token.controller.js';

/** How tokens are made and revoked, and who did. */
@Module({
  imports: [AccessModule],
  controllers: [TokenController, AuditController],
})
export class TokensModule {}
