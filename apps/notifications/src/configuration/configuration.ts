import type { ScopePattern } from '@tidings/access';

/**
 * What admins have configured, as the matcher and the dispatcher read it: one consistent snapshot, never changed. Every
 * change of the configuration makes a new one with a higher version.
 */
export interface Configuration {
  readonly version: bigint;
  readonly instances: ReadonlyMap<string, InstanceConfiguration>;
  readonly destinations: ReadonlyMap<string, DestinationConfiguration>;
  readonly subscriptions: ReadonlyMap<string, SubscriptionConfiguration>;
  readonly templates: ReadonlyMap<string, TemplateConfiguration>;
}

export interface InstanceConfiguration {
  readonly id: string;
  readonly name: string;
  /** Of which events it may see any. */
  readonly scopes: readonly ScopePattern[];
  /** By id. */
  readonly sources: ReadonlyMap<string, SourceConfiguration>;
  readonly topics: readonly TopicConfiguration[];
}

export interface SourceConfiguration {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Undefined: an API source, whose events carry its id as `ibmensourceid`. */
  readonly system: string | undefined;
}

export interface TopicConfiguration {
  readonly id: string;
  readonly name: string;
  readonly sources: readonly TopicSourceConfiguration[];
  readonly subscriptionIds: readonly string[];
}

/** The rules of one source in one topic; without any, everything of the source passes. */
export interface TopicSourceConfiguration {
  readonly sourceId: string;
  readonly rules: readonly RuleConfiguration[];
}

export interface RuleConfiguration {
  readonly id: string;
  readonly enabled: boolean;
  /** Text of a filter, parsed when it was saved. */
  readonly eventTypeFilter: string;
  readonly notificationFilter: string;
}

export interface SubscriptionConfiguration {
  readonly id: string;
  readonly name: string;
  readonly instanceId: string;
  readonly topicId: string;
  readonly destinationId: string;
  /** As its destination's type understands them. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Text of a filter; undefined: it takes all that its topic takes. */
  readonly filter: string | undefined;
}

export interface DestinationConfiguration {
  readonly id: string;
  readonly name: string;
  readonly instanceId: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  /** Encrypted JSON object of the config's secret members; undefined: there are none. */
  readonly secrets: Buffer | undefined;
  /** Encrypted `whsec_…` texts that are valid now, newest first; signing needs at least one. */
  readonly signingSecrets: readonly Buffer[];
  /** Seconds before each attempt; undefined: the default schedule. */
  readonly retryScheduleSeconds: readonly number[] | undefined;
  /** When it was changed last; whoever keeps connections to it opens them anew then. */
  readonly updatedAt: Date;
}

export interface TemplateConfiguration {
  readonly id: string;
  readonly instanceId: string;
  readonly type: string;
  readonly subject: string | undefined;
  /** Handlebars. */
  readonly body: string;
}

/** The configuration as it is now in this process: at most 1 s behind the database. */
export interface ConfigurationSource {
  current(): Configuration;
  /** Calls back after each newer snapshot. @returns how to stop that */
  onChange(changed: (configuration: Configuration) => void): () => void;
}

/** The injection token of the process's {@link ConfigurationSource}. */
export const CONFIGURATION = Symbol('ConfigurationSource');
