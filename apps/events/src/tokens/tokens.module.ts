import { Module } from '@nestjs/common';
import { AccessModule } from '@tidings/access';
import { Catalogue, catalogue } from '@tidings/catalogue';
import { AuditController } from './audit.controller.js';
import { TokenController } from './token.controller.js';

/** How tokens are made and revoked, and who did. */
@Module({
  imports: [AccessModule],
  controllers: [TokenController, AuditController],
  providers: [{ provide: Catalogue, useValue: catalogue }],
})
export class TokensModule {}
