/** Whom a change breaks: those whose events were taken before, those who read events, both, or nobody. */
export type Breaks = 'producers' | 'consumers' | 'producers and consumers' | 'nobody';

/** Every change that is told apart, with whom it breaks. docs/SCHEMA-EVOLUTION.md says why; a test compares the two. */
export const CATALOGUE_CHANGES = {
  system_added: 'nobody',
  system_removed: 'producers and consumers',
  native_format_added: 'nobody',
  native_format_removed: 'producers',
  context_field_changed: 'consumers',
  scope_kind_added: 'nobody',
  scope_kind_removed: 'consumers',
  scope_role_changed: 'consumers',
  type_added: 'nobody',
  type_removed: 'producers and consumers',
  native_type_changed: 'producers and consumers',
  kafka_topic_changed: 'consumers',
  group_added: 'nobody',
  group_removed: 'consumers',
  subject_changed: 'consumers',
  scopes_changed: 'consumers',
  outcome_changed: 'consumers',
  version_not_raised: 'consumers',
  version_lowered: 'consumers',
  former_version_lost: 'consumers',
  former_version_changed: 'consumers',
  field_added: 'nobody',
  required_field_added: 'producers',
  field_removed: 'consumers',
  field_became_required: 'producers',
  field_became_optional: 'consumers',
  kind_changed: 'producers and consumers',
  kind_narrowed: 'producers',
  kind_widened: 'consumers',
  choice_added: 'nobody',
  choice_removed: 'producers',
  choices_introduced: 'producers',
  choices_lifted: 'consumers',
  limit_tightened: 'producers',
  limit_loosened: 'consumers',
  rule_changed: 'producers and consumers',
} as const satisfies Record<string, Breaks>;

export type CatalogueChangeCode = keyof typeof CATALOGUE_CHANGES;

/** One difference between two catalogues. */
export interface CatalogueChange {
  readonly code: CatalogueChangeCode;
  readonly breaks: Breaks;
  /** The event type's full name, or the system's where it concerns the system. */
  readonly of: string;
  /** The dotted path of the payload's field, or what else of the declaration; empty for the whole. */
  readonly field: string;
  /** What has changed, and what would be right. */
  readonly problem: string;
}

export function changed(code: CatalogueChangeCode, of: string, field: string, problem: string): CatalogueChange {
  return { code, breaks: CATALOGUE_CHANGES[code], of, field, problem };
}

export function isBreaking({ breaks }: CatalogueChange): boolean {
  return breaks !== 'nobody';
}
