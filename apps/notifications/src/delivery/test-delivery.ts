import type { DestinationConfiguration } from '../configuration/configuration.js';

/** In the place of a subscription's and a topic's id: a delivery that tries a destination belongs to none. */
export const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

/** Somebody waits for the outcome: it is tried once. */
export const TEST_SCHEDULE: readonly number[] = [0];

/** @returns whether a delivery tries its destination, rather than brings an event to a subscription */
export function isTest({ subscriptionId }: { readonly subscriptionId: string }): boolean {
  return subscriptionId === NO_SUBSCRIPTION;
}

/** Signed where it can be, so that the receiver's check is tried as well. */
export function testAttributes({ signingSecrets }: DestinationConfiguration): Readonly<Record<string, unknown>> {
  return { signing_enabled: signingSecrets.length > 0 };
}
