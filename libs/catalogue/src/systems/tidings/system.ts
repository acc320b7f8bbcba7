import { event, system } from '../../definition.js';
import { ConnectorGapPayload, DestinationDisabledPayload, type GapReason } from './payloads.js';

const GAP_CAUSES: Readonly<Record<string, string>> = {
  connection_lost: 'the connection was lost',
  restarted: 'nobody was connected',
  paused: 'the connector was paused',
  not_taken: 'the gateway could not take them',
} satisfies Record<GapReason, string>;

/** What Tidings itself has to say to those who run it. */
export const tidings = system({
  name: 'tidings',
  title: 'Tidings',
  typePrefix: 'io.tidings.',
  scopeRoles: {},
  undeclared: { subject: [], scopes: {}, message: () => 'Tidings reports an event of its own.' },
  events: {
    'destination.disabled': event({
      summary: 'A destination was disabled because deliveries to it keep failing',
      version: 1,
      groups: ['destinations'],
      subject: 'destination_id',
      scopes: {},
      outcome: 'failed',
      message: (payload) => `Destination ${payload.destination_name} was disabled: ${payload.reason}.`,
      payload: DestinationDisabledPayload,
      example: {
        destination_id: '0f2d4e4c-2c1e-4a6e-9d67-4a2f3f4f0c11',
        destination_name: 'On-call webhook',
        instance_id: '3f9f0f7e-7c0b-4a44-8f57-0d4e7b7f6f10',
        reason: 'it answered 410 Gone',
        last_status: '410',
      },
    }),
    'connector.gap': event({
      summary: 'A connector may have missed events of its peer for a while',
      version: 1,
      groups: ['connectors'],
      subject: 'connector',
      scopes: {},
      outcome: 'failed',
      message: ({ connector, from, to, reason }) =>
        `Connector ${connector} may have missed events from ${from} to ${to}: ${GAP_CAUSES[reason] ?? reason}.`,
      payload: ConnectorGapPayload,
      example: {
        connector: 'rack1',
        event_source: '/lxd/rack1',
        from: '2026-11-02T08:01:53.204Z',
        to: '2026-11-02T08:02:07.911Z',
        seconds: 14.707,
        reason: 'connection_lost',
      },
    }),
  },
});
