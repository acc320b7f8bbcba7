import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A folder of an account's resources. */
@Entity({ schema: 'resource_controller', name: 'resource_group' })
export class ResourceGroup {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  account_id!: string;

  @Column('text')
  crn!: string;

  @Column('text')
  name!: string;

  @Column('timestamptz')
  created_at!: Date;

  @Column('text')
  created_by!: string;

  @Column('timestamptz')
  updated_at!: Date;
}
