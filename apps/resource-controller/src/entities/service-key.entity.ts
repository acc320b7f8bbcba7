import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Credentials for an instance. */
@Entity({ schema: 'resource_controller', name: 'service_key' })
export class ServiceKey {
  @PrimaryColumn('uuid')
  guid!: string;

  @Column('text')
  crn!: string;

  @Column('uuid')
  instance_guid!: string;

  @Column('text')
  name!: string;

  @Column('text')
  role!: string;

  @Column('timestamptz')
  created_at!: Date;

  @Column('text')
  created_by!: string;
}
