import { IsInt, IsNotEmpty, IsOptional, IsString } from 'class-validator';

/*
 * CDS sends its events flat: what every event has, what its family adds, and in `payload` the whole object concerned.
 * Required is what tells the entity; CDS itself leaves most of the rest out when it is empty.
 */

/** What every event has beside its id, type and time, which the envelope carries. */
export class CdsPayload {
  /** The object concerned, as CDS keeps it: any JSON, and it can be large. */
  @IsOptional()
  payload?: unknown;
}

/** An event that somebody caused. */
export class ActedPayload extends CdsPayload {
  @IsOptional()
  @IsString()
  user_id?: string;

  @IsOptional()
  @IsString()
  username?: string;
}

export class ProjectPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  project_key!: string;
}

export class ProjectPurgePayload extends CdsPayload {
  @IsString()
  @IsNotEmpty()
  project_key!: string;

  @IsOptional()
  @IsString()
  purge_report_id?: string;
}

export class VcsPayload extends ProjectPayload {
  @IsString()
  @IsNotEmpty()
  vcs_name!: string;
}

export class RepositoryPayload extends VcsPayload {
  @IsString()
  @IsNotEmpty()
  repository!: string;
}

export class AnalysisPayload extends RepositoryPayload {
  @IsOptional()
  @IsString()
  status?: string;
}

export class EntityPayload extends RepositoryPayload {
  @IsString()
  @IsNotEmpty()
  entity!: string;
}

export class NotificationPayload extends ProjectPayload {
  @IsString()
  @IsNotEmpty()
  notification!: string;
}

export class ConcurrencyPayload extends ProjectPayload {
  @IsString()
  @IsNotEmpty()
  concurrency!: string;
}

export class IntegrationPayload extends ProjectPayload {
  @IsString()
  @IsNotEmpty()
  integration!: string;

  @IsOptional()
  @IsString()
  integration_model?: string;
}

export class VariableSetPayload extends ProjectPayload {
  @IsString()
  @IsNotEmpty()
  variable_set!: string;
}

export class VariableSetItemPayload extends VariableSetPayload {
  @IsString()
  @IsNotEmpty()
  item!: string;
}

export class HatcheryPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  hatchery!: string;
}

export class OrganizationPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  organization!: string;
}

export class PermissionPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  permission!: string;
}

export class PluginPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  plugin!: string;
}

export class RegionPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  region!: string;
}

export class IntegrationModelPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  integration_model!: string;
}

/** Here the user is the one concerned, not the one who did it. */
export class UserPayload extends CdsPayload {
  @IsString()
  @IsNotEmpty()
  user_id!: string;

  @IsOptional()
  @IsString()
  username?: string;
}

export class UserGpgKeyPayload extends ActedPayload {
  @IsString()
  @IsNotEmpty()
  gpg_key!: string;
}

/** What runs of a workflow and their jobs have in common. */
export class WorkflowPayload extends ProjectPayload {
  @IsOptional()
  @IsString()
  vcs_name?: string;

  @IsOptional()
  @IsString()
  repository?: string;

  @IsString()
  @IsNotEmpty()
  workflow!: string;

  @IsString()
  @IsNotEmpty()
  workflow_run_id!: string;

  @IsOptional()
  @IsInt()
  run_number?: number;

  @IsOptional()
  @IsInt()
  run_attempt?: number;

  @IsOptional()
  @IsString()
  status?: string;
}

export class RunPayload extends WorkflowPayload {
  @IsOptional()
  @IsString()
  repository_origin?: string;

  @IsOptional()
  @IsString()
  user_mail?: string;
}

/** A job that waits for somebody to start it: it runs nowhere yet. */
export class ManualJobPayload extends WorkflowPayload {
  @IsString()
  @IsNotEmpty()
  job_id!: string;
}

/** A job in a run, with where it runs. */
export class PlacedJobPayload extends ManualJobPayload {
  @IsString()
  @IsNotEmpty()
  run_job_id!: string;

  @IsOptional()
  @IsString()
  region?: string;

  @IsOptional()
  @IsString()
  hatchery?: string;

  @IsOptional()
  @IsString()
  model_type?: string;
}

export class RunJobPayload extends PlacedJobPayload {
  @IsOptional()
  @IsString()
  model_osarch?: string;
}

export class RunResultPayload extends PlacedJobPayload {
  @IsString()
  @IsNotEmpty()
  run_result!: string;
}
