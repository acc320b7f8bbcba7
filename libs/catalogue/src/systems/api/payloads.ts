import { IsOptional, IsString } from 'class-validator';

/** Free in form: whatever else the sender says is kept. */
export class NotificationPayload {
  @IsOptional()
  @IsString()
  id?: string;

  @IsOptional()
  @IsString()
  message?: string;

  @IsOptional()
  @IsString()
  severity?: string;
}
