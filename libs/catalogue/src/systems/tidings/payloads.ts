import { IsNotEmpty, IsOptional, IsString } from 'class-validator';

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
