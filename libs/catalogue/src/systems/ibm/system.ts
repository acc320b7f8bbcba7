import { system } from '../../definition.js';
import { SUBJECT, ibmFormat } from './native.js';
import { TYPE_PREFIX, innerType } from './names.js';
import { SCOPES, activityOutcome, lifecycleRows, said } from './rows.js';

/** IBM Cloud's resource life-cycle events. */
export const ibm = system({
  name: 'ibm',
  title: 'IBM Cloud',
  typePrefix: TYPE_PREFIX,
  scopeRoles: { account: 'tenant' },
  nativeType: (key) => innerType(key),
  undeclared: {
    subject: SUBJECT,
    scopes: SCOPES,
    outcome: { of: activityOutcome },
    message: (data: object) => said(data, 'A resource', 'was acted on'),
  },
  events: {
    ...lifecycleRows('instance', 'A service instance', {
      apply_promo_code: 'had a promotion code applied',
      create: 'was created',
      create_failure: ['could not be created', 'failed'],
      create_inprogress: ['is being created', 'in_progress'],
      delete: 'was deleted',
      delete_failure: ['could not be deleted', 'failed'],
      delete_inprogress: ['is being deleted', 'in_progress'],
      restore: 'was restored before its reclamation',
      schedule_reclaim: ['is to be reclaimed', 'scheduled'],
      update: 'was updated',
      update_failure: ['could not be updated', 'failed'],
      update_inprogress: ['is being updated', 'in_progress'],
      update_plan: 'went over to another plan',
      update_plan_failure: ['could not go over to another plan', 'failed'],
      update_plan_inprogress: ['is going over to another plan', 'in_progress'],
      update_state: 'changed its state',
      update_state_failure: ['could not change its state', 'failed'],
    }),
    ...lifecycleRows('key', 'A service key', {
      create: 'was created',
      create_failure: ['could not be created', 'failed'],
      delete: 'was deleted',
      delete_failure: ['could not be deleted', 'failed'],
    }),
    ...lifecycleRows('resource_group', 'A resource group', {
      create: 'was created',
      delete: 'was deleted',
      update: 'was updated',
    }),
  },
  native: ibmFormat,
});
