/** Who changed something. */
export interface Actor {
  /** The token's; `admin` for the configured one. */
  readonly id: string;
  readonly name: string;
}

/** A change, as it is told; never with a secret. */
export interface AuditEntry {
  readonly actor: Actor;
  /** What was done, for example `token.revoke`. */
  readonly action: string;
  /** To what, for example `token:<id>`. */
  readonly subject: string;
  /** What it was; undefined: it was not there. */
  readonly before?: object | undefined;
  /** What it is now; undefined: it is not there any more. */
  readonly after?: object | undefined;
}

/** An entry as it is kept. */
export interface KeptAuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly actor: Actor;
  readonly action: string;
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Which entries are asked for. Whatever is missing does not narrow. */
export interface AuditFilter {
  readonly actors?: readonly string[];
  readonly actions?: readonly string[];
  readonly subjects?: readonly string[];
  /** Seconds since the Unix epoch; from here on. */
  readonly createdFrom?: bigint;
  /** Seconds since the Unix epoch; before this. */
  readonly createdTo?: bigint;
}
