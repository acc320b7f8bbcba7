import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What the broker is still to do. */
export const OPERATION_TYPES = ['create', 'update', 'update_plan', 'delete', 'reclaim'] as const;
export type OperationType = (typeof OPERATION_TYPES)[number];

/** What an operation was asked with. */
export interface OperationRequest {
  readonly name?: string;
  readonly parameters?: object;
  readonly resource_plan_id?: string;
  /** Of a deletion: with its keys. */
  readonly recursive?: boolean;
}

/** An operation under way: it outlives the process that took it in. */
@Entity({ schema: 'resource_controller', name: 'pending_operation' })
export class PendingOperation {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('uuid')
  instance_guid!: string;

  @Column('text')
  type!: OperationType;

  @Column('json')
  request!: OperationRequest;

  @Column('text')
  actor_id!: string;

  @Column('text')
  actor_name!: string;

  @Column('timestamptz')
  due_at!: Date;
}
