import { setTimeout as delay } from 'node:timers/promises';
import { say } from './outage.js';

const BATCH = 500;
/** So that the events keep coming while things are killed; milliseconds between two batches. */
const PACE_MS = 500;

export interface Sent {
  readonly acknowledged: ReadonlySet<string>;
  /** Requests that had to be made again. */
  readonly repeated: number;
}

export interface Sending {
  /** The gateway's. */
  readonly url: string;
  readonly token: string;
  /** How many events. */
  readonly count: number;
}

/** Sends every event until it is acknowledged. @param onProgress called with the count of acknowledged ones */
export async function sendEvents({ url, token, count }: Sending, onProgress: (count: number) => void): Promise<Sent> {
  const acknowledged = new Set<string>();
  let repeated = 0;
  for (let at = 0; at < count; at += BATCH) {
    const events = Array.from({ length: BATCH }, (_, n) => cloudEvent(at + n));
    const body = JSON.stringify(events);
    // Kafka may be away for a while; what is not acknowledged is sent again, with the same ids.
    while (!(await accepted(url, token, body))) {
      repeated += 1;
      await delay(PACE_MS);
    }
    for (const { id } of events) acknowledged.add(id);
    if (at % 10_000 === 0) say(`${acknowledged.size} of ${count} events acknowledged`);
    onProgress(acknowledged.size);
    await delay(PACE_MS);
  }
  return { acknowledged, repeated };
}

async function accepted(url: string, token: string, body: string): Promise<boolean> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' },
    body,
  });
  const text = await response.text();
  if (response.status === 202) return true;
  if (response.status === 503) return false;
  throw new Error(`The gateway answered ${response.status}: ${text.slice(0, 500)}`);
}

/** A good event. @param n its id says which */
export function cloudEvent(n: number): Readonly<Record<string, unknown>> & { readonly id: string } {
  return {
    specversion: '1.0',
    id: `fault-${n}`,
    source: '/cds/faults',
    type: 'com.ovh.cds.RunJobEnqueued',
    time: new Date(Date.UTC(2026, 10, 2) + n * 1000).toISOString(),
    data: {
      project_key: `P${n % 20}`,
      vcs_name: 'github',
      repository: 'polar/variant-caller',
      workflow: 'build',
      workflow_run_id: `run-${n % 500}`,
      run_job_id: `job-${n % 500}`,
      run_number: n,
      run_attempt: 1,
      job_id: 'compile',
      status: 'Waiting',
      payload: {},
    },
  };
}
