import {
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

/**
 * The rules that fields of a context have. Waldur writes a model's fields one by one as text (`str(value)`), so a name
 * is always text and a missing one may be the word None; a uuid comes as 32 hex digits, a decimal as a number from older
 * versions and as text from newer ones.
 */

const UUID_TEXT = /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/;
const AS_UUID: ValidationOptions = { message: '$property must be a UUID: 32 hex digits, with or without hyphens' };

/** A uuid that every Waldur sends with the event. */
export function Id(): PropertyDecorator {
  return Matches(UUID_TEXT, AS_UUID);
}

export function OptionalId(): PropertyDecorator {
  return together(IsOptional(), Matches(UUID_TEXT, AS_UUID));
}

export function OptionalText(): PropertyDecorator {
  return together(IsOptional(), IsString());
}

export function OptionalInteger(): PropertyDecorator {
  return together(IsOptional(), IsInt());
}

/** A decimal or a count: a number, or the text of one. */
export function OptionalAmount(): PropertyDecorator {
  return together(
    IsOptional(),
    ValidateBy({
      name: 'isNumberOrText',
      validator: {
        validate: (value) => typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)),
        defaultMessage: () => '$property must be a number or text',
      },
    }),
    // A function replaces what would be derived from the property's type, which a union does not have at run time.
    JSONSchema(() => ({ type: ['number', 'string'] }) as never),
  );
}

export function OptionalObject(): PropertyDecorator {
  return together(IsOptional(), IsObject());
}

export function OptionalList(): PropertyDecorator {
  return together(IsOptional(), IsArray());
}

type FieldRule = (target: object, property: string) => void;

function together(...rules: readonly FieldRule[]): PropertyDecorator {
  return (target, property) => {
    for (const rule of rules) rule(target, String(property));
  };
}
