import { catalogue } from '@tidings/catalogue';
import { AnyField, type Schema } from '@tidings/openapi';
import type { StreamedContent } from '../intake/intake-route.js';

const SYSTEMS = catalogue
  .systems()
  .filter(({ native }) => native !== undefined)
  .map(({ name }) => name);

export class NativeSystemPath {
  /** The service answers 404 to another one. */
  @AnyField({ type: 'string', enum: SYSTEMS }, { description: 'The system.', example: 'waldur' })
  system!: string;
}

const [TYPE] = catalogue.named('customer_creation_succeeded');

const NATIVE: Schema = {
  description: 'As the system sends it. Anything else is kept as a dead letter.',
  type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
};
const NATIVE_EXAMPLE = {
  created: '2026-11-02T08:01:53.204Z',
  event_type: 'customer_creation_succeeded',
  message: 'Customer Tartu has been created.',
  context: TYPE?.example,
};

/** Native events. They are read from a stream, so that no class checks them. */
export const NATIVE_CONTENT = {
  'application/json': { schema: NATIVE, example: NATIVE_EXAMPLE },
  'application/x-ndjson': {
    schema: { ...NATIVE, title: 'Each line' },
    example: `${JSON.stringify(NATIVE_EXAMPLE)}\n`,
  },
} as StreamedContent;
