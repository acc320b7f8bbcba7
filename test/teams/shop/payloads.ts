import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Min, ValidateNested } from 'class-validator';

/** What a customer bought. */
export class OrderTotal {
  @IsInt()
  @Min(0)
  cents!: number;

  @IsIn(['EUR', 'SEK'])
  currency!: 'EUR' | 'SEK';
}

export class OrderPayload {
  @IsString()
  @IsNotEmpty()
  order_id!: string;

  @IsString()
  @IsNotEmpty()
  customer_id!: string;

  @ValidateNested()
  total!: OrderTotal;

  @IsOptional()
  @IsString()
  note?: string;
}

/** As it was before orders had a currency. */
export class FirstOrderPayload {
  @IsString()
  @IsNotEmpty()
  order_id!: string;

  @IsInt()
  cents!: number;
}
