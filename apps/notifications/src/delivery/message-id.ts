import { hash } from 'node:crypto';

/** Of what a message says it is: the same in all attempts, redeliveries and replays, so that receivers can drop doubles. */
export function messageIdOf(eventKey: string, subscriptionId: string): string {
  return `msg_${hash('sha256', `${eventKey}\u0000${subscriptionId}`, 'hex').slice(0, 32)}`;
}
