/** Rows as the store reads them, by the table that they are of. */
export interface InstanceRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
}

export interface SourceRow {
  readonly instance_id: string;
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly system: string | null;
}

export interface TopicRow {
  readonly id: string;
  readonly instance_id: string;
  readonly name: string;
}

export interface TopicSourceRow {
  readonly topic_id: string;
  readonly source_id: string;
}

export interface RuleRow {
  readonly id: string;
  readonly topic_id: string;
  readonly source_id: string;
  readonly enabled: boolean;
  readonly event_type_filter: string;
  readonly notification_filter: string;
}

export interface SubscriptionRow {
  readonly id: string;
  readonly instance_id: string;
  readonly name: string;
  readonly topic_id: string;
  readonly destination_id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly filter: string | null;
}

export interface DestinationRow {
  readonly id: string;
  readonly instance_id: string;
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer | null;
  readonly signing_secret: Buffer | null;
  /** Null once it is not valid any more. */
  readonly former_signing_secret: Buffer | null;
  readonly retry_schedule_seconds: readonly number[] | null;
  readonly updated_at: Date;
}

export interface TemplateRow {
  readonly id: string;
  readonly instance_id: string;
  readonly type: string;
  readonly subject: string | null;
  readonly body: string;
}

/** All that is configured, at one moment. */
export interface ConfigurationRows {
  readonly version: string;
  readonly instances: readonly InstanceRow[];
  readonly sources: readonly SourceRow[];
  readonly topics: readonly TopicRow[];
  readonly topicSources: readonly TopicSourceRow[];
  readonly rules: readonly RuleRow[];
  readonly subscriptions: readonly SubscriptionRow[];
  readonly destinations: readonly DestinationRow[];
  readonly templates: readonly TemplateRow[];
  /** Until the first former signing secret ends, milliseconds; undefined: there is none. */
  readonly changesInMs: number | undefined;
}
