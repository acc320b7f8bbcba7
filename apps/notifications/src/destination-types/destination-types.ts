import type { DestinationType } from './destination-type.js';
import { eventStreams } from './event-streams/event-streams-type.js';
import { slack } from './slack/slack-type.js';
import { smtpCustom } from './smtp-custom/smtp-type.js';
import { webhook } from './webhook/webhook-type.js';

/** Every kind of destination: adding one is a folder beside these, and a line here. */
export const DESTINATION_TYPES: readonly DestinationType[] = [webhook, eventStreams, smtpCustom, slack];

const BY_NAME: ReadonlyMap<string, DestinationType> = new Map(DESTINATION_TYPES.map((type) => [type.name, type]));

/** @returns undefined where there is no such kind */
export function destinationType(name: string): DestinationType | undefined {
  return BY_NAME.get(name);
}

/** The names of the kinds that keep the order of each entity. */
export const ORDERED_TYPES: readonly string[] = DESTINATION_TYPES.filter((type) => type.isOrdered).map(
  ({ name }) => name,
);

/** Every type of template that some kind of destination takes. */
export function templateTypes(): readonly string[] {
  return DESTINATION_TYPES.flatMap(({ templateTypes: byAttribute }) => Object.values(byAttribute).flat());
}
