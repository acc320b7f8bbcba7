import { ChoiceField, type FieldOptions, JsonObjectField, TextField } from '@tidings/openapi';
import { PLAN_IDS } from '../broker/service-catalog.js';

/** What the examples of the API's document are of. */
export const EXAMPLE = {
  guid: '4d0c5b2e-8f0a-4f5d-9c3b-6f1f6f0a7e21',
  account: '6f0c2f7f9a5b4f1e9a3d5c7e8b1a2d4c',
  group: '1d701675103549ffb3566cf09f00a0fb',
  crn: 'crn:v1:tidings:public:apprapp:us-south:a/6f0c2f7f9a5b4f1e9a3d5c7e8b1a2d4c:4d0c5b2e-8f0a-4f5d-9c3b-6f1f6f0a7e21::',
  time: '2026-11-02T10:47:30.120Z',
} as const;

/** Printable, and neither begins nor ends with a space. */
const PRINTABLE =
  '^[^\\u0000-\\u0020\\u007f-\\u00a0]([^\\u0000-\\u001f\\u007f-\\u009f]{0,178}[^\\u0000-\\u0020\\u007f-\\u00a0])?$';

/** A name that somebody gives to a resource. */
export function NameField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({
    pattern: new RegExp(PRINTABLE, 'u'),
    rule: 'must be 1 to 180 printable characters without spaces at its ends',
    ...options,
  });
}

/** The id of an account or a resource group. */
export function HexIdField(rule: string, options: FieldOptions): PropertyDecorator {
  return TextField({ pattern: /^[0-9a-f]{32}$/, rule: `${rule}: 32 hexadecimal digits`, ...options });
}

export function PlanField(options: FieldOptions = {}): PropertyDecorator {
  return ChoiceField(PLAN_IDS, options);
}

export function ParametersField(options: FieldOptions = {}): PropertyDecorator {
  const description = 'Whatever the service takes; `capacity`, if given, is from 1 to 100.';
  return JsonObjectField({ description, ...options });
}

/** The id of an instance, a key or a reclamation in a path. */
export function GuidField(options: FieldOptions): PropertyDecorator {
  return TextField({ pattern: GUID_OR_CRN, example: EXAMPLE.guid, ...options });
}

const GUID_OR_CRN = /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|crn:[!-~]{1,200})$/;
