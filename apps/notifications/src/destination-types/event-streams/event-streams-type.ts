import { MemberReader } from '../member-reader.js';
import type { DestinationType } from '../destination-type.js';
import { readEventStreamsConfig, viewEventStreamsConfig } from './event-streams-config.js';
import { EventStreamsDestination } from './event-streams-destination.js';

/** A Kafka topic, on the bus's own cluster or another: exactly the event, under the key that it came with. */
export const eventStreams: DestinationType = {
  name: 'event_streams',
  // What is read there are events, by programs: a template would make them something else.
  templateType: undefined,
  templateEscaping: 'none',
  isOrdered: true,
  readConfig: readEventStreamsConfig,
  viewConfig: viewEventStreamsConfig,
  readAttributes: (attributes) => {
    new MemberReader(attributes, 'attributes', ['add_notification_payload']).end();
    return {};
  },
  viewAttributes: () => ({}),
  open: (opening) => new EventStreamsDestination(opening),
};
