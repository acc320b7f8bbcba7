import { MemberReader, present } from '../member-reader.js';
import { templateChoice } from '../template-choice.js';
import type { DestinationType } from '../destination-type.js';
import { readEventStreamsConfig, viewEventStreamsConfig } from './event-streams-config.js';
import { EventStreamsDestination } from './event-streams-destination.js';

const MEMBERS = ['add_notification_payload', 'template_id_notification'];

/** A Kafka topic, on the bus's own cluster or another: exactly the event under the key that it came with, or a template's. */
export const eventStreams: DestinationType = {
  name: 'event_streams',
  // IBM's documentation writes it in one word, and its clients in two.
  templateTypes: { template_id_notification: ['event_streams.notification', 'eventstreams.notification'] },
  templateEscaping: 'json',
  isOrdered: true,
  readConfig: readEventStreamsConfig,
  viewConfig: viewEventStreamsConfig,
  readAttributes: (attributes, former) => {
    const reader = new MemberReader(attributes, 'attributes', MEMBERS, former);
    const read = present({
      add_notification_payload: reader.flag('add_notification_payload'),
      template_id_notification: templateChoice(reader, 'template_id_notification'),
    });
    reader.end();
    return read;
  },
  viewAttributes: (attributes) => attributes,
  open: (opening) => new EventStreamsDestination(opening),
};
