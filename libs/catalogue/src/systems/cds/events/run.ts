import { ManualJobPayload, RunJobPayload, RunPayload, RunResultPayload } from '../payloads.js';
import { byStatus, familyRows } from '../rows.js';
import { PROJECT } from './examples.js';

const WORKFLOW = {
  ...PROJECT,
  vcs_name: 'github',
  repository: 'polar/variant-caller',
  workflow: 'build',
  workflow_run_id: 'e543b3d5-feff-4463-afdc-404b7069216b',
  run_number: 1,
  run_attempt: 1,
  payload: {},
} as const;

const PLACED_JOB = {
  ...WORKFLOW,
  job_id: 'compile',
  run_job_id: '8885b80b-72e6-4294-8a51-523dd4acf3b8',
  region: 'north',
  hatchery: 'swarm-1',
  model_type: 'docker',
} as const;

const JOB_NAME = ['{job_id} of {workflow} #{run_number}.{run_attempt}', '{job_id} of {workflow}', 'job_id'] as const;

/** Runs of workflows and their jobs: most of what CDS has to say. */
export const runEvents = {
  ...familyRows(
    {
      family: 'run',
      title: 'a run',
      payload: RunPayload,
      subject: 'workflow_run_id',
      name: ['{workflow} #{run_number}.{run_attempt}', 'workflow'],
      example: {
        ...WORKFLOW,
        repository_origin: 'polar/variant-caller',
        user_mail: 'bruno@example.org',
        payload: { contexts: { git: { ref: 'refs/heads/main' } } },
      },
    },
    {
      RunCrafted: { says: 'was put together', outcome: byStatus('scheduled'), status: 'Crafting' },
      RunBuilding: { says: 'is building', outcome: byStatus('in_progress'), status: 'Building' },
      RunEnded: { says: 'ended', outcome: byStatus(), status: 'Success' },
      RunRestart: { says: 'was started again', outcome: byStatus('in_progress'), status: 'Building' },
      // What CDS's documentation calls the one above.
      RunRestartFailedJob: {
        says: 'had its failed jobs started again',
        outcome: byStatus('in_progress'),
        status: 'Building',
      },
      RunDeleted: 'was deleted',
    },
  ),
  ...familyRows(
    {
      family: 'run-job',
      title: 'a job',
      payload: RunJobPayload,
      subject: 'run_job_id',
      name: JOB_NAME,
      example: { ...PLACED_JOB, model_osarch: 'linux/amd64' },
    },
    {
      RunJobEnqueued: { says: 'was put in the queue', outcome: byStatus('scheduled'), status: 'Waiting' },
      RunJobBlocked: { says: 'waits for another', outcome: byStatus('scheduled'), status: 'Blocked' },
      RunJobCancelled: { says: 'was cancelled', outcome: 'cancelled', status: 'Cancelled' },
      RunJobSkipped: { says: 'was skipped', outcome: 'cancelled', status: 'Skipped' },
      RunJobStopped: { says: 'was stopped', outcome: 'cancelled', status: 'Stopped' },
      RunJobScheduled: { says: 'was given to a hatchery', outcome: byStatus('scheduled'), status: 'Scheduling' },
      RunJobBuilding: { says: 'is building', outcome: byStatus('in_progress'), status: 'Building' },
      RunJobEnded: { says: 'ended', outcome: byStatus(), status: 'Success' },
    },
  ),
  ...familyRows(
    {
      family: 'run-job',
      title: 'a job',
      payload: ManualJobPayload,
      subject: '{workflow_run_id}/{job_id}',
      name: JOB_NAME,
      example: { ...WORKFLOW, job_id: 'deploy' },
    },
    { RunJobManualTriggered: { says: 'was started by hand', outcome: byStatus('scheduled'), status: 'Waiting' } },
  ),
  ...familyRows(
    {
      family: 'run-job',
      title: 'a job',
      payload: RunResultPayload,
      subject: 'run_job_id',
      name: JOB_NAME,
      example: { ...PLACED_JOB, run_result: 'junit.xml', payload: { type: 'tests' } },
    },
    {
      RunJobRunResultAdded: { says: 'added a result', outcome: byStatus('in_progress'), status: 'Building' },
      RunJobRunResultUpdated: { says: 'updated a result', outcome: byStatus('in_progress'), status: 'Building' },
    },
  ),
};
