import type { Outcome } from '../../definition.js';
import type { ResourceLifecyclePayload } from './payloads.js';

const ACCOUNT = '6f0c2f7f9a5b4f1e9a3d5c7e8b1a2d4c';
const GUID = '4d0c5b2e-8f0a-4f5d-9c3b-6f1f6f0a7e21';
const USER = 'IBMid-5500018GT7';
const NAME = 'App Configuration-01';

/** A payload as IBM Cloud sends one, for documentation and tests. */
export function exampleOf<const NativeType extends string>(
  nativeType: NativeType,
  family: string,
  operation: string,
  outcome: Outcome | undefined,
): ResourceLifecyclePayload<NativeType> {
  const failed = outcome === 'failed';
  const words = operation.replaceAll('_', ' ');
  return {
    account_id: ACCOUNT,
    event_id: '1b3ad1c8-2c51-4d8e-9c0a-5b2f6a9d7e10',
    event_type: nativeType,
    timestamp: '2026-11-02T10:47:30Z',
    context: {
      subject_id: USER,
      subject_name: 'aino@example.org',
      activity: {
        action: `apprapp.${family}.${operation}`,
        message: `App Configuration: ${words} ${family} ${NAME}`,
        outcome: failed ? 'failure' : 'success',
        reason_reasonCode: failed ? 409 : 200,
        target_name: NAME,
      },
    },
    event_properties: {
      crn: `crn:v1:bluemix:public:apprapp:us-south:a/${ACCOUNT}:${GUID}::`,
      guid: GUID,
      name: NAME,
      type: 'service_instance',
      state: 'active',
      region_id: 'us-south',
      resource_id: 'apprapp-7fff092e-4b5e-4c7e-83cd-c52c2b155f0f',
      resource_group_id: '1d701675103549ffb3566cf09f00a0fb',
      last_operation: {
        description: `Completed ${operation} ${family} operation`,
        state: failed ? 'failed' : 'succeeded',
        type: operation,
      },
      created_at: '2026-11-02T10:47:30.120054502Z',
      created_by: USER,
      updated_at: '2026-11-02T10:47:30.120054721Z',
      ...(operation === 'restore' && { restored_at: '2026-11-02T10:47:30.120054721Z', restored_by: USER }),
      ...(operation === 'schedule_reclaim' && {
        scheduled_reclaim_at: '2026-11-09T10:47:30Z',
        scheduled_reclaim_by: USER,
      }),
    },
  };
}
