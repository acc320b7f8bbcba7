import { catalogue, type EventType, type JsonObject, type JsonSchema } from '@tidings/catalogue';
import { AnyField, IntegerField, JsonObjectField, TextField, TextListField } from '@tidings/openapi';
import { prefixed } from '@tidings/transport';

const [EXAMPLE] = catalogue.named('customer_creation_succeeded');

export class CatalogueTypePath {
  /** The handler answers 404 to what is not a name, too, with the nearest names. */
  @AnyField(
    { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,200}$' },
    {
      description: 'Its full name, or its native one if only one system has it; a 404 names the nearest.',
      example: EXAMPLE?.type,
    },
  )
  type!: string;
}

/** An event type in the list of all. */
export class CatalogueEntry {
  @TextField({ example: EXAMPLE?.type })
  type!: string;

  @TextField({ example: EXAMPLE?.nativeType })
  nativeType!: string;

  @TextField({ example: EXAMPLE?.system })
  system!: string;

  @TextListField({ description: 'The first is its main group.', example: EXAMPLE?.groups })
  groups!: readonly string[];

  @TextField({ description: 'As it is called on this installation’s broker.', example: EXAMPLE?.kafkaTopic })
  kafkaTopic!: string;

  @TextField({ example: EXAMPLE?.summary })
  summary!: string;

  @IntegerField({ example: EXAMPLE?.version })
  version!: number;
}

/** An event type with its schema and an example. */
export class CatalogueDetails extends CatalogueEntry {
  @TextField({ example: EXAMPLE?.dataschema })
  dataschema!: string;

  @JsonObjectField({ description: 'The payload’s JSON Schema.', example: EXAMPLE?.schema })
  schema!: JsonSchema;

  @JsonObjectField({ description: 'A payload.', example: EXAMPLE?.example })
  example!: JsonObject;
}

/** @param prefix of the installation's Kafka topics */
export function entryOf(declared: EventType, prefix: string): CatalogueEntry {
  const { type, nativeType, system, groups, kafkaTopic, summary, version } = declared;
  return { type, nativeType, system, groups, kafkaTopic: prefixed(prefix, kafkaTopic), summary, version };
}

/** @param prefix of the installation's Kafka topics */
export function detailsOf(declared: EventType, prefix: string): CatalogueDetails {
  const { dataschema, schema, example } = declared;
  return { ...entryOf(declared, prefix), dataschema, schema, example };
}
