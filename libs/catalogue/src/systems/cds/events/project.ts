import {
  AnalysisPayload,
  ConcurrencyPayload,
  EntityPayload,
  IntegrationPayload,
  NotificationPayload,
  ProjectPayload,
  ProjectPurgePayload,
  RepositoryPayload,
  VariableSetItemPayload,
  VariableSetPayload,
  VcsPayload,
} from '../payloads.js';
import { byStatus, familyRows } from '../rows.js';
import { PROJECT } from './examples.js';

/** What belongs to a project, runs apart. */
export const projectEvents = {
  ...familyRows(
    {
      family: 'project',
      title: 'a project',
      payload: ProjectPayload,
      subject: 'project_key',
      example: { ...PROJECT, payload: { key: 'GENOME', name: 'Genome pipeline' } },
    },
    { ProjectCreated: 'was created', ProjectUpdated: 'was updated', ProjectDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'project',
      title: 'a project',
      payload: ProjectPurgePayload,
      subject: 'project_key',
      example: {
        project_key: PROJECT.project_key,
        purge_report_id: '0d6c2f0e-7a51-4b0c-b6a5-2d3f8f4f1b77',
        payload: { status: 'Success' },
      },
    },
    { EventProjectPurge: 'had its old runs purged' },
  ),
  ...familyRows(
    {
      family: 'vcs',
      title: 'a version control server',
      payload: VcsPayload,
      subject: '{project_key}/{vcs_name}',
      name: 'vcs_name',
      example: { ...PROJECT, vcs_name: 'github', payload: { type: 'github' } },
    },
    { VCSCreated: 'was added', VCSUpdated: 'was updated', VCSDeleted: 'was removed' },
  ),
  ...familyRows(
    {
      family: 'repository',
      title: 'a repository',
      payload: RepositoryPayload,
      subject: '{project_key}/{vcs_name}/{repository}',
      name: 'repository',
      example: { ...PROJECT, vcs_name: 'github', repository: 'polar/variant-caller', payload: { clone_url: '' } },
    },
    { RepositoryCreated: 'was added', RepositoryDeleted: 'was removed' },
  ),
  ...familyRows(
    {
      family: 'analysis',
      title: 'a repository analysis',
      payload: AnalysisPayload,
      subject: '{project_key}/{vcs_name}/{repository}',
      name: 'repository',
      example: {
        ...PROJECT,
        vcs_name: 'github',
        repository: 'polar/variant-caller',
        payload: { commit: '9f2c1d7', ref: 'refs/heads/main' },
      },
    },
    {
      AnalysisStart: { says: 'was begun', outcome: byStatus('in_progress'), status: 'InProgress' },
      AnalysisDone: { says: 'is done', outcome: byStatus(), status: 'Success' },
    },
  ),
  ...familyRows(
    {
      family: 'entity',
      title: 'an as-code entity',
      payload: EntityPayload,
      subject: '{project_key}/{vcs_name}/{repository}/{entity}',
      name: 'entity',
      example: {
        ...PROJECT,
        vcs_name: 'github',
        repository: 'polar/variant-caller',
        entity: 'build',
        payload: { type: 'Workflow', name: 'build' },
      },
    },
    { EntityCreated: 'was created', EntityUpdated: 'was updated', EntityDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'notification',
      title: 'a project notification',
      payload: NotificationPayload,
      subject: '{project_key}/notification/{notification}',
      name: 'notification',
      example: { ...PROJECT, notification: 'on-call', payload: { webhook_url: 'https://example.org/hook' } },
    },
    { NotificationCreated: 'was created', NotificationUpdated: 'was updated', NotificationDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'concurrency',
      title: 'a concurrency rule',
      payload: ConcurrencyPayload,
      subject: '{project_key}/concurrency/{concurrency}',
      name: 'concurrency',
      example: { ...PROJECT, concurrency: 'one-deploy', payload: { pool: 1 } },
    },
    { ConcurrencyCreated: 'was created', ConcurrencyUpdated: 'was updated', ConcurrencyDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'integration',
      title: 'a project integration',
      payload: IntegrationPayload,
      subject: '{project_key}/integration/{integration}',
      name: 'integration',
      example: { ...PROJECT, integration: 'artifacts', integration_model: 'Artifactory', payload: { public: false } },
    },
    { IntegrationCreated: 'was created', IntegrationUpdated: 'was updated', IntegrationDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'variable-set',
      title: 'a variable set',
      payload: VariableSetPayload,
      subject: '{project_key}/variable-set/{variable_set}',
      name: 'variable_set',
      example: { ...PROJECT, variable_set: 'registry', payload: { name: 'registry' } },
    },
    { VariableSetCreated: 'was created', VariableSetDeleted: 'was deleted' },
  ),
  ...familyRows(
    {
      family: 'variable-set-item',
      title: 'a variable set item',
      payload: VariableSetItemPayload,
      subject: '{project_key}/variable-set/{variable_set}/{item}',
      name: '{variable_set}/{item}',
      example: {
        ...PROJECT,
        variable_set: 'registry',
        item: 'password',
        payload: { name: 'password', type: 'secret' },
      },
    },
    {
      VariableSetItemCreated: 'was created',
      VariableSetItemUpdated: 'was updated',
      VariableSetItemDeleted: 'was deleted',
    },
  ),
};
