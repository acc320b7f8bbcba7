import { Module } from '@nestjs/common';
import { ENVIRONMENT, type Environment, StartError } from '@tidings/runtime';
import { SecretBox } from './secret-box.js';

/** What the secrets of destinations are kept in. */
@Module({
  providers: [
    {
      provide: SecretBox,
      inject: [ENVIRONMENT],
      useFactory: ({ notifications }: Environment): SecretBox => {
        if (notifications.secretKey === undefined) {
          throw new StartError(
            'No key for the secrets of destinations is configured. Set TIDINGS_SECRET_KEY to 32 random bytes in base64, the same in every process.',
          );
        }
        return new SecretBox(notifications.secretKey);
      },
    },
  ],
  exports: [SecretBox],
})
export class SecretsModule {}
