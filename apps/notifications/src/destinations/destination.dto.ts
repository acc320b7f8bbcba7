import { applyDecorators } from '@nestjs/common';
import { OmitType } from '@nestjs/swagger';
import { isJsonObject, type JsonObject, parseJson } from '@tidings/catalogue';
import {
  AnyField,
  type FieldOptions,
  FlagField,
  IntegerField,
  NestedField,
  NestedListField,
  JsonObjectField,
  Satisfies,
  TextField,
  TextListField,
  TimeField,
} from '@tidings/openapi';
import {
  DescriptionField,
  EXAMPLE,
  IdField,
  InstancePath,
  KeptObjectField,
  NameField,
  PathIdField,
  ShownDescriptionField,
  ShownNameField,
} from '../api/admin-fields.js';
import { ListEnvelope } from '../api/list.dto.js';
import { DESTINATION_TYPES } from '../destination-types/destination-types.js';
import type { ShownDestination, StoredDestination } from './destination.repository.js';

const MAX_ATTEMPTS = 30;
const MAX_PAUSE_SECONDS = 7 * 86_400;
const SCHEDULE = {
  type: 'array',
  items: { type: 'integer', minimum: 0, maximum: MAX_PAUSE_SECONDS },
  minItems: 1,
  maxItems: MAX_ATTEMPTS,
};
const SCHEDULE_DESCRIPTION = 'Seconds before each attempt; null is the default schedule.';
const SCHEDULE_TEXT = /^(null|\[(0|[1-9][0-9]{0,4})(, ?(0|[1-9][0-9]{0,4})){0,29}\])$/;
/** What its type makes of `params` is up to the type. */
interface DestinationConfig {
  readonly params?: unknown;
}

const TYPES = DESTINATION_TYPES.map(({ name }) => name);
const CONFIG_EXAMPLE = {
  params: { url: 'https://hooks.example.org/in', verb: 'post', custom_headers: {}, sensitive_headers: [] },
};
/** Members that are no texts; in a form they are JSON texts. */
const JSON_MEMBERS: readonly string[] = ['config', 'retry_schedule'];
const FLAGS: readonly string[] = ['collect_failed_events', 'enabled'];

export class DestinationPath extends InstancePath {
  @PathIdField('The destination’s id.')
  id!: string;
}

/** What is to be changed in a destination; what is left out, or comes back masked, stays as it is. */
export class DestinationChange {
  @NameField({ optional: true })
  name?: string;

  /** It cannot be changed; clients send it along all the same. */
  @Satisfies((type) => (['string', 'undefined'].includes(typeof type) || type === null ? undefined : 'must be a text'))
  type?: string | null;

  @DescriptionField({ optional: true })
  description?: string;

  @FlagField({ optional: true })
  collect_failed_events?: boolean;

  @ConfigField({ optional: true })
  config?: DestinationConfig;

  @FlagField({ optional: true, example: true })
  enabled?: boolean;

  @ScheduleField()
  retry_schedule?: number[] | null;
}

/** A destination that is asked for. */
export class DestinationDraft {
  @NameField({ example: 'hook' })
  name!: string;

  /** The service says which kinds there are. */
  @AnyField({ type: 'string', enum: TYPES }, { example: 'webhook' })
  @Satisfies((type) =>
    typeof type === 'string' && type !== '' ? undefined : 'must be a kind of destination, such as webhook',
  )
  type!: string;

  @DescriptionField({ optional: true })
  description: string = '';

  @FlagField({ optional: true })
  collect_failed_events: boolean = false;

  @ConfigField({ example: CONFIG_EXAMPLE })
  config!: DestinationConfig;

  @FlagField({ optional: true })
  enabled: boolean = true;

  @ScheduleField()
  retry_schedule?: number[] | null;
}

/** The same as a form, in which the schedule is JSON text. */
export class DestinationForm extends OmitType(DestinationDraft, ['retry_schedule'] as const) {
  @ScheduleTextField()
  retry_schedule?: string;
}

/** The same as a form, in which the schedule is JSON text. */
export class DestinationChangeForm extends OmitType(DestinationChange, ['retry_schedule'] as const) {
  @ScheduleTextField()
  retry_schedule?: string;
}

/** What every answer says of a destination. */
class ShownMembers {
  @IdField()
  id!: string;

  @ShownNameField({ example: 'hook' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @TextField({ example: 'webhook' })
  type!: string;

  @FlagField({ example: false })
  collect_failed_events!: boolean;

  @FlagField({ example: true })
  enabled!: boolean;

  @TimeField({ description: 'Since when it is disabled.', optional: true, nullable: true })
  disabled_at?: string | null;

  @TextField({ description: 'Why it is disabled.', optional: true, nullable: true })
  disabled_reason?: string | null;

  @ScheduleField({ optional: false, example: null })
  retry_schedule!: readonly number[] | null;
}

/** A destination as lists show it, without its configuration. */
export class ListedDestination extends ShownMembers {
  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;

  @IntegerField({ minimum: 0, example: 1 })
  subscription_count!: number;

  @TextListField({ example: ['releases to hook'] })
  subscription_names!: readonly string[];
}

export class DestinationList extends ListEnvelope {
  @NestedListField(() => ListedDestination)
  destinations!: ListedDestination[];
}

/** Its configuration; what is secret is masked. */
export class ShownConfig {
  @JsonObjectField({ optional: true, example: CONFIG_EXAMPLE.params })
  params?: object;
}

export class Destination extends ListedDestination {
  @NestedField(() => ShownConfig)
  config!: ShownConfig;
}

/** A destination as the answer to its making shows it. */
export class CreatedDestination extends ShownMembers {
  @NestedField(() => ShownConfig)
  config!: ShownConfig;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;
}

/** That a test is under way. */
export class StartedTest {
  @TextField({ example: 'pending' })
  status!: string;

  @IdField()
  notification_id!: string;

  @TextField({ example: 'webhook' })
  destination_type!: string;
}

export class SigningSecret {
  @TextField({ example: 'whsec_shown-in-this-answer-alone' })
  signing_secret!: string;

  @IntegerField({ minimum: 0, example: 24 })
  former_valid_hours!: number;
}

/** Turns the fields of a form into what JSON would say. */
export function membersOfForm(fields: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(
    [...fields].map(([name, text]) => [name, FLAGS.includes(name) ? flagOf(text) : jsonMember(name, text)]),
  );
}

export function createdDestinationView(destination: ShownDestination): CreatedDestination {
  return {
    ...shownMembers(destination),
    config: { params: destination.params },
    created_at: destination.created_at.toISOString(),
  };
}

export function listedDestinationView(destination: StoredDestination): ListedDestination {
  const { updated_at, subscription_names } = destination;
  return {
    ...shownMembers(destination),
    updated_at: updated_at.toISOString(),
    subscription_count: subscription_names.length,
    subscription_names,
  };
}

export function destinationView(destination: ShownDestination): Destination {
  return { ...listedDestinationView(destination), config: { params: destination.params } };
}

function shownMembers(destination: StoredDestination): ShownMembers {
  const { id, name, description, type, collect_failed_events, enabled, retry_schedule_seconds } = destination;
  const { disabled_at, disabled_reason } = destination;
  return {
    id,
    name,
    description,
    type,
    collect_failed_events,
    enabled,
    ...(!enabled && { disabled_at: disabled_at?.toISOString() ?? null, disabled_reason }),
    retry_schedule: retry_schedule_seconds,
  };
}

function ConfigField(options: FieldOptions): PropertyDecorator {
  const schema = { required: ['params'], properties: { params: { type: 'object' } } };
  const rule = 'must be a JSON object with params';
  return applyDecorators(
    KeptObjectField(rule, { schema, ...options }),
    Satisfies((config) => {
      const params = isJsonObject(config) ? config['params'] : undefined;
      return isJsonObject(params) ? undefined : `${rule}, a JSON object in turn`;
    }),
  );
}

function ScheduleField(options: FieldOptions = {}): PropertyDecorator {
  const rule =
    `must be an array of 1 to ${MAX_ATTEMPTS} whole seconds, each from 0 to ${MAX_PAUSE_SECONDS}: what to wait before ` +
    'each attempt; null is the default schedule';
  return applyDecorators(
    AnyField(SCHEDULE, { description: SCHEDULE_DESCRIPTION, optional: true, nullable: true, ...options }),
    Satisfies((given) => {
      const isGood =
        Array.isArray(given) &&
        given.length > 0 &&
        given.length <= MAX_ATTEMPTS &&
        given.every((one) => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= MAX_PAUSE_SECONDS);
      return isGood ? undefined : rule;
    }),
  );
}

function ScheduleTextField(): PropertyDecorator {
  return TextField({ description: SCHEDULE_DESCRIPTION, pattern: SCHEDULE_TEXT, optional: true });
}

/** Python's clients write `True`. */
function flagOf(text: string): unknown {
  const plain = text.trim().toLowerCase();
  return plain === 'true' ? true : plain === 'false' ? false : text;
}

function jsonMember(name: string, text: string): unknown {
  if (!JSON_MEMBERS.includes(name)) return text;
  try {
    return parseJson(text).plain;
  } catch {
    // Told by whoever expects an object or an array there.
    return text;
  }
}
