import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from './environment.js';

/** The injection token of the process's {@link Environment}. */
export const ENVIRONMENT = Symbol('Environment');

/** Makes the environment injectable everywhere. A process's root module imports it once, before the apps' modules. */
@Module({})
export class EnvironmentModule {
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: EnvironmentModule,
      global: true,
      providers: [{ provide: ENVIRONMENT, useValue: environment }],
      exports: [ENVIRONMENT],
    };
  }
}
