import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an instance can be. Only an active or inactive one can be changed. */
export const INSTANCE_STATES = ['provisioning', 'active', 'inactive', 'failed', 'pending_reclamation'] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

/** How the last thing that was asked for went, or goes. */
export interface LastOperation {
  readonly type: string;
  readonly state: 'in progress' | 'succeeded' | 'failed';
  readonly description: string;
}

/** Something of the catalog that an account has. Its guid is also the id of its reclamation, while it has one. */
@Entity({ schema: 'resource_controller', name: 'service_instance' })
export class ServiceInstance {
  @PrimaryColumn('uuid')
  guid!: string;

  @Column('text')
  crn!: string;

  @Column('text')
  account_id!: string;

  @Column('text')
  resource_group_id!: string;

  @Column('text')
  resource_id!: string;

  @Column('text')
  resource_plan_id!: string;

  @Column('text')
  region_id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  state!: InstanceState;

  @Column('boolean')
  locked!: boolean;

  /** As text inside: whatever JSON a service takes. */
  @Column('json')
  parameters!: object;

  @Column('text', { nullable: true })
  promo_code!: string | null;

  @Column('jsonb')
  last_operation!: LastOperation;

  @Column('timestamptz')
  created_at!: Date;

  @Column('text')
  created_by!: string;

  @Column('timestamptz')
  updated_at!: Date;

  @Column('timestamptz', { nullable: true })
  restored_at!: Date | null;

  @Column('text', { nullable: true })
  restored_by!: string | null;

  @Column('timestamptz', { nullable: true })
  scheduled_reclaim_at!: Date | null;

  @Column('text', { nullable: true })
  scheduled_reclaim_by!: string | null;
}
