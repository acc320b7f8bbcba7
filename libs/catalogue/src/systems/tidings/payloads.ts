import { IsIn, IsNotEmpty, IsNumber, IsOptional, IsString, Min } from 'class-validator';

/** A destination that failed for too long, or asked not to be called again. */
export class DestinationDisabledPayload {
  @IsString()
  @IsNotEmpty()
  destination_id!: string;

  @IsString()
  @IsNotEmpty()
  destination_name!: string;

  @IsString()
  @IsNotEmpty()
  instance_id!: string;

  @IsString()
  @IsNotEmpty()
  reason!: string;

  @IsOptional()
  @IsString()
  last_status?: string;
}

/** Why a connector may have missed events. */
export const GAP_REASONS = ['connection_lost', 'restarted', 'paused', 'not_taken'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** A stretch of time whose events a connector may have missed, because its peer does not keep them for it. */
export class ConnectorGapPayload {
  /** The connector's name. */
  @IsString()
  @IsNotEmpty()
  connector!: string;

  /** The source that its events have. */
  @IsString()
  @IsNotEmpty()
  event_source!: string;

  /** What happened before this is not missing. */
  @IsString()
  @IsNotEmpty()
  from!: string;

  /** What happened after this is not missing. */
  @IsString()
  @IsNotEmpty()
  to!: string;

  @IsNumber()
  @Min(0)
  seconds!: number;

  @IsIn(GAP_REASONS)
  reason!: GapReason;
}
