import type { JsonObject } from '@tidings/catalogue';
import type { OutboundGuard } from '@tidings/outbound';

/** What a destination's config turned out to be: the part that may be shown, and the part that is kept encrypted. */
export interface ReadConfig {
  readonly config: JsonObject;
  /** Undefined: it has no secrets. */
  readonly secrets: JsonObject | undefined;
}

/** An event on its way to one subscription. */
export interface Shipment {
  /** The same in all attempts: `webhook-id`. */
  readonly messageId: string;
  /** From 1. */
  readonly attempt: number;
  readonly notificationId: string;
  /** The CloudEvent in structured JSON, without `notification_id`. */
  readonly eventText: string;
  /** The Kafka key that the event came with. */
  readonly kafkaKey: string | null;
  /** The subscription's. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Rendered by the template's own renderer, time-limited; undefined: there is no template. */
  readonly rendered: { readonly subject: string | undefined; readonly body: string } | undefined;
}

/** How an attempt ended. */
export interface AttemptResult {
  /** `failed` may be tried again; `refused` may not; `gone` disables the destination besides (HTTP 410). */
  readonly outcome: 'delivered' | 'failed' | 'refused' | 'gone';
  /** For people: `204`, `550 no such user`, `timeout`, `ECONNREFUSED`. */
  readonly status: string;
  /** What went wrong, in a sentence, without secrets. */
  readonly problem?: string;
  /** The beginning of the answer, capped while it was read. */
  readonly responseHead?: string;
  /** As the receiver asked for, not clamped. */
  readonly retryAfterSeconds?: number;
  /** True after a timeout or a 429: the next attempt waits for at least 60 s. */
  readonly backOff?: boolean;
  /** True where the destination lives and refuses this event: its circuit stays closed. */
  readonly isAnswer?: boolean;
}

/** A destination, opened: connections are kept in it. */
export interface OpenDestination {
  /** Never rejects for what the receiver does. @param signal the deadline of the whole exchange */
  deliver(shipment: Shipment, signal: AbortSignal): Promise<AttemptResult>;
  close(): Promise<void>;
}

/** What opening takes, decrypted. */
export interface DestinationOpening {
  readonly config: JsonObject;
  readonly secrets: JsonObject;
  /** `whsec_…`, newest first; all of them sign. */
  readonly signingSecrets: readonly string[];
  /** Whatever is dialled goes through it. */
  readonly outbound: OutboundGuard;
  /** Before the names of Tidings' own kafkaTopics. */
  readonly kafkaPrefix?: string;
}

/**
 * A kind of destination: one folder with its schema, its client and its test against a real server. All are listed in
 * destination-types.ts.
 */
export interface DestinationType {
  /** As IBM calls it. */
  readonly name: string;
  /** Types of templates, as IBM writes them, by the attribute of a subscription that names one. */
  readonly templateTypes: Readonly<Record<string, readonly string[]>>;
  /** How templates write values of the event: inside a JSON text, inside HTML (the default), or as they are. */
  readonly templateEscaping?: 'json' | 'html' | 'none';
  /** Deliveries with the same Kafka key arrive in the order of the bus: the next one begins when the one before has ended. */
  readonly isOrdered?: boolean;
  /** The most deliveries under way to one destination at once, where it has fewer connections than the usual. */
  readonly connections?: number;
  /**
   * Reads the `config.params` of a request.
   * @param former what is kept, for a PATCH: members that are left out stay, but for secrets where the address changes
   * @param kafkaPrefix before the names of Tidings' own kafkaTopics
   * @throws {DomainError} `invalid_query` naming the field
   */
  readConfig(params: unknown, former?: ReadConfig, kafkaPrefix?: string): ReadConfig;
  /** `config.params` as answers show it: secrets masked. */
  viewConfig(kept: ReadConfig): JsonObject;
  /** Reads a subscription's `attributes`. @throws {DomainError} `invalid_query` naming the field */
  readAttributes(attributes: unknown, former?: JsonObject): JsonObject;
  /** As answers show them. */
  viewAttributes(attributes: JsonObject): JsonObject;
  open(opening: DestinationOpening): OpenDestination;
}
