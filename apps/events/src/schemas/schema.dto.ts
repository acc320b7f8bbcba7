import { catalogue } from '@tidings/catalogue';
import { AnyField } from '@tidings/openapi';

const EXAMPLE = catalogue.type('io.tidings.api.notification');
/** The schema that the document shows. */
export const EXAMPLE_SCHEMA = EXAMPLE?.schema;

// The handlers answer 404 to what is not a name or a version, too, with the nearest names.

export class DataschemaPath {
  @AnyField(
    { type: 'string', pattern: '^urn:tidings:schema:[A-Za-z0-9_.:-]{1,200}:[1-9][0-9]{0,8}$' },
    { description: 'As in the event; a 404 names the nearest.', example: EXAMPLE?.dataschema },
  )
  dataschema!: string;
}

export class SchemaVersionPath {
  @AnyField(
    { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,200}$' },
    { description: 'The full name of the event type; a 404 names the nearest.', example: EXAMPLE?.type },
  )
  type!: string;

  @AnyField({ type: 'integer', minimum: 1 }, { description: 'Version of the payload.', example: 1 })
  version!: string;
}
