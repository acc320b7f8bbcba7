import {
  AnyField,
  ChoiceField,
  FlagField,
  IntegerField,
  NestedField,
  TextField,
  TextListField,
} from '@tidings/openapi';

/** What every answer in LXD's form says. */
export const LXD_SYNC = { type: 'sync', status: 'Success', status_code: 200 } as const;

class LxdAnswer {
  @AnyField({ const: 'sync' }, { example: LXD_SYNC.type })
  type!: 'sync';

  @TextField({ example: LXD_SYNC.status })
  status!: 'Success';

  @AnyField({ const: 200 }, { example: LXD_SYNC.status_code })
  status_code!: 200;
}

export class LxdVersionsAnswer extends LxdAnswer {
  @TextListField({ example: ['/1.0'] })
  metadata!: readonly string[];
}

class LxdServerEnvironment {
  @TextListField({ example: [] })
  addresses!: readonly string[];

  @TextField({ example: '' })
  certificate!: '';

  @TextField({ example: 'tidings' })
  server!: 'tidings';

  @TextField({ description: 'Empty for callers that are not trusted.', example: 'events-1' })
  server_name!: string;
}

/** As much of a server as LXD's clients look at before they ask for its events. */
class LxdServer {
  @TextListField({ example: ['projects'] })
  api_extensions!: readonly string[];

  @TextField({ example: 'stable' })
  api_status!: 'stable';

  @TextField({ example: '1.0' })
  api_version!: '1.0';

  @ChoiceField(['trusted', 'untrusted'], { example: 'trusted' })
  auth!: 'trusted' | 'untrusted';

  @TextListField({ example: ['tls'] })
  auth_methods!: readonly string[];

  @FlagField({ example: false })
  public!: false;

  @AnyField({ type: 'object', additionalProperties: false }, { example: {} })
  config!: Readonly<Record<string, never>>;

  @NestedField(() => LxdServerEnvironment)
  environment!: LxdServerEnvironment;
}

export class LxdServerAnswer extends LxdAnswer {
  @NestedField(() => LxdServer)
  metadata!: LxdServer;
}

export class LxdError {
  @AnyField({ const: 'error' }, { example: 'error' })
  type!: 'error';

  @TextField({ example: 'not authorized' })
  error!: string;

  @IntegerField({ example: 403 })
  error_code!: number;
}
