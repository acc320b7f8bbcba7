import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { gathered, type InstanceClient, type Resource } from '../notifications/instance-client.js';
import { textOf } from '../output/exact-json.js';
import { wholeNumber } from './option-values.js';
import { instanceCommand, openInstance, type InstanceOptions } from './resource-commands.js';

/** Longer than one attempt may take. */
const TIMEOUT_SECONDS = 60;
const POLL_MS = 200;

interface NotificationState {
  readonly status: 'pending' | 'success' | 'failed' | 'cancelled';
}

/** `tidings destinations test`: whether a destination takes what is sent to it. */
export function destinationTestCommand(line: CommandLine): Command {
  return instanceCommand(line, 'test', {
    summary: 'Send a test event to a destination, and wait for the result',
    details: 'It is attempted once. The exit code is 1 where it was not delivered.',
    examples: ['tidings destinations test on-call'],
  })
    .argument('<destination>', 'name or id')
    .option('--timeout <seconds>', 'how long to wait', wholeNumber(1), TIMEOUT_SECONDS)
    .action(async (name: string, options: InstanceOptions & { readonly timeout: number }) => {
      const instance = await openInstance(line, options);
      const id = await instance.idOf('destinations', name);
      const sent = await instance.send('POST', ['destinations', id, 'test']);
      const { notification_id: notificationId } = sent.json<{ readonly notification_id: string }>();
      const state = await outcomeOf(instance, notificationId, options.timeout * 1_000);
      const attempt = await lastAttempt(instance, id, notificationId);
      if (state === 'success') {
        const { status, latency_ms: latency } = attempt;
        await line.out.line(['delivered', status, `${textOf(latency)} ms`].filter(Boolean).map(textOf).join(', '));
        return;
      }
      throw failure(state, attempt, options.timeout);
    });
}

async function outcomeOf(instance: InstanceClient, id: string, patience: number): Promise<NotificationState['status']> {
  const deadline = performance.now() + patience;
  for (;;) {
    const answer = await instance.request('GET', ['notifications', id], { wanted: `notification ${id}` });
    const { status } = answer.json<NotificationState>();
    if (status !== 'pending' || performance.now() > deadline) return status;
    await delay(POLL_MS);
  }
}

/** The last attempt of the delivery of a notification; nothing where there was none yet. */
async function lastAttempt(instance: InstanceClient, destinationId: string, notificationId: string): Promise<Resource> {
  const latest = await gathered(instance.pages('deliveries', { destination_id: destinationId }, 100));
  const delivery = latest.find((one) => one['notification_id'] === notificationId);
  if (delivery === undefined) return {};
  const answer = await instance.request('GET', ['deliveries', textOf(delivery['id']), 'attempts']);
  return answer.json<{ readonly attempts: readonly Resource[] }>().attempts.at(-1) ?? {};
}

function failure(state: NotificationState['status'], attempt: Resource, seconds: number): CommandFailure {
  if (state === 'pending') {
    return new CommandFailure('failed', `Not delivered within ${seconds} s`, [
      '`tidings deliveries --state waiting` lists it; --timeout waits longer.',
    ]);
  }
  const { status, problem, response_head: head } = attempt;
  const answered = typeof head === 'string' && head !== '' ? [`It answered: ${head}`] : [];
  return new CommandFailure(
    'failed',
    ['not delivered', status, problem].filter(Boolean).map(textOf).join(', '),
    answered,
  );
}
