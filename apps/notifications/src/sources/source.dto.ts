import { FlagField, IntegerField, NestedListField, TextField, TextListField, TimeField } from '@tidings/openapi';
import {
  DescriptionField,
  EXAMPLE,
  InstancePath,
  NameField,
  PathIdField,
  ShownDescriptionField,
  ShownNameField,
} from '../api/admin-fields.js';
import { ListEnvelope } from '../api/list.dto.js';
import type { StoredSource } from './source.repository.js';

const STORED = 'Kept and shown; every event is stored whatever it says.';

export class SourcePath extends InstancePath {
  @PathIdField('The source’s id, percent-encoded.', EXAMPLE.sourceId)
  id!: string;
}

/** A source that is asked for. */
export class SourceDraft {
  @NameField({ example: 'deploys' })
  name!: string;

  @DescriptionField({ optional: true })
  description: string = '';

  @FlagField({ optional: true, example: true })
  enabled: boolean = true;

  @FlagField({ description: STORED, optional: true })
  store_notifications: boolean = false;
}

/** What is to be changed in a source; what is left out stays as it is. */
export class SourceChange {
  @NameField({ optional: true })
  name?: string;

  @DescriptionField({ optional: true })
  description?: string;

  @FlagField({ optional: true, example: true })
  enabled?: boolean;

  @FlagField({ description: STORED, optional: true })
  store_notifications?: boolean;
}

/** A source as the answer to its making shows it. */
export class CreatedSource {
  @TextField({ example: EXAMPLE.sourceId })
  id!: string;

  @ShownNameField({ example: 'deploys' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @FlagField({ example: true })
  enabled!: boolean;

  @FlagField({ example: false })
  store_notifications!: boolean;

  @TimeField({ example: EXAMPLE.time })
  created_at!: string;
}

/** A source as lists show it. */
export class ListedSource {
  @TextField({ example: EXAMPLE.sourceId })
  id!: string;

  @ShownNameField({ example: 'deploys' })
  name!: string;

  @ShownDescriptionField()
  description!: string;

  @TextField({ example: 'api' })
  type!: string;

  @FlagField({ example: true })
  enabled!: boolean;

  @FlagField({ example: false })
  store_notifications!: boolean;

  @TimeField({ example: EXAMPLE.time })
  updated_at!: string;

  @IntegerField({ minimum: 0, example: 1 })
  topic_count!: number;
}

export class Source extends ListedSource {
  @TextListField({ example: ['releases'] })
  topic_names!: readonly string[];
}

export class SourceList extends ListEnvelope {
  @NestedListField(() => ListedSource)
  sources!: ListedSource[];
}

export function createdSourceView(source: StoredSource): CreatedSource {
  const { id, name, description, enabled, store_notifications, created_at } = source;
  return { id, name, description, enabled, store_notifications, created_at: created_at.toISOString() };
}

export function listedSourceView(source: StoredSource): ListedSource {
  const { id, name, description, type, enabled, store_notifications, updated_at, topic_names } = source;
  return {
    id,
    name,
    description,
    type,
    enabled,
    store_notifications,
    updated_at: updated_at.toISOString(),
    topic_count: topic_names.length,
  };
}

export function sourceView(source: StoredSource): Source {
  return { ...listedSourceView(source), topic_names: source.topic_names };
}
