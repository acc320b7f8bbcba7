import { WaldurContext } from '../contexts.js';
import { family } from '../families.js';
import { Id, OptionalId, OptionalObject, OptionalText } from '../field-rules.js';
import { MEMBER, PROJECT, SERVICE } from './people.js';

/** An instance, a volume, or whatever else a service provisions. */
export class ResourceContext extends WaldurContext {
  @Id()
  resource_uuid!: string;

  @OptionalText()
  resource_name?: string | null;

  @OptionalText()
  resource_full_name?: string | null;

  @OptionalText()
  resource_type?: string | null;

  @OptionalId()
  service_settings_uuid?: string | null;

  @OptionalText()
  service_settings_name?: string | null;

  @OptionalText()
  service_settings_type?: string | null;

  /** What was asked for, by the action. */
  @OptionalObject()
  action_details?: Record<string, unknown> | null;

  @OptionalText()
  error_message?: string | null;
}

const resource = family({
  entity: 'A resource',
  groups: ['resources'],
  subject: ['context.resource_uuid'],
  names: ['context.resource_name', 'context.resource_full_name'],
  context: ResourceContext,
  example: {
    ...MEMBER,
    ...PROJECT,
    ...SERVICE,
    resource_uuid: '4ea9877af3764c25ae460a9618949a23',
    resource_name: 'vm-01',
    resource_full_name: 'OpenStack Instance vm-01',
    resource_type: 'OpenStack.Instance',
  },
  failure: { error_message: 'hypervisor timed out' },
});

export const resourceEvents = {
  resource_creation_scheduled: resource('is to be created', 'scheduled'),
  resource_creation_succeeded: resource('was created'),
  resource_creation_failed: resource('could not be created', 'failed'),
  resource_import_succeeded: resource('was imported'),
  resource_update_succeeded: resource('was updated'),
  resource_deletion_scheduled: resource('is to be deleted', 'scheduled'),
  resource_deletion_succeeded: resource('was deleted'),
  resource_deletion_failed: resource('could not be deleted', 'failed'),

  resource_start_scheduled: resource('is to be started', 'scheduled'),
  resource_start_succeeded: resource('was started'),
  resource_start_failed: resource('could not be started', 'failed'),
  resource_stop_scheduled: resource('is to be stopped', 'scheduled'),
  resource_stop_succeeded: resource('was stopped'),
  resource_stop_failed: resource('could not be stopped', 'failed'),
  resource_restart_scheduled: resource('is to be restarted', 'scheduled'),
  resource_restart_succeeded: resource('was restarted'),
  resource_restart_failed: resource('could not be restarted', 'failed'),
  resource_pull_scheduled: resource('is to be read from its backend', 'scheduled'),
  resource_pull_succeeded: resource('was read from its backend'),
  resource_pull_failed: resource('could not be read from its backend', 'failed'),
  resource_change_flavor_scheduled: resource('is to get another flavor', 'scheduled'),
  resource_change_flavor_succeeded: resource('got another flavor'),
  resource_change_flavor_failed: resource('could not get another flavor', 'failed'),

  resource_attach_scheduled: resource('is to be attached to an instance', 'scheduled'),
  resource_attach_succeeded: resource('was attached to an instance'),
  resource_attach_failed: resource('could not be attached to an instance', 'failed'),
  resource_detach_scheduled: resource('is to be detached from an instance', 'scheduled'),
  resource_detach_succeeded: resource('was detached from an instance'),
  resource_detach_failed: resource('could not be detached from an instance', 'failed'),
  resource_extend_scheduled: resource('is to be extended', 'scheduled'),
  resource_extend_succeeded: resource('was extended'),
  resource_extend_failed: resource('could not be extended', 'failed'),
  resource_extend_volume_scheduled: resource('is to have a volume extended', 'scheduled'),
  resource_extend_volume_succeeded: resource('had a volume extended'),
  resource_extend_volume_failed: resource('could not have a volume extended', 'failed'),
  resource_retype_scheduled: resource('is to get another volume type', 'scheduled'),
  resource_retype_succeeded: resource('got another volume type'),
  resource_retype_failed: resource('could not get another volume type', 'failed'),

  resource_assign_floating_ip_scheduled: resource('is to get a floating IP', 'scheduled'),
  resource_assign_floating_ip_succeeded: resource('got a floating IP'),
  resource_assign_floating_ip_failed: resource('could not get a floating IP', 'failed'),
  resource_unassign_floating_ip_scheduled: resource('is to be parted from a floating IP', 'scheduled'),
  resource_unassign_floating_ip_succeeded: resource('was parted from a floating IP'),
  resource_unassign_floating_ip_failed: resource('could not be parted from a floating IP', 'failed'),
  resource_update_floating_ips_scheduled: resource('is to get other floating IPs', 'scheduled'),
  resource_update_floating_ips_succeeded: resource('got other floating IPs'),
  resource_update_floating_ips_failed: resource('could not get other floating IPs', 'failed'),
  resource_update_ports_scheduled: resource('is to get other ports', 'scheduled'),
  resource_update_ports_succeeded: resource('got other ports'),
  resource_update_ports_failed: resource('could not get other ports', 'failed'),
  resource_update_security_groups_scheduled: resource('is to get other security groups', 'scheduled'),
  resource_update_security_groups_succeeded: resource('got other security groups'),
  resource_update_security_groups_failed: resource('could not get other security groups', 'failed'),
  resource_update_allowed_address_pairs_scheduled: resource('is to get other allowed address pairs', 'scheduled'),
  resource_update_allowed_address_pairs_succeeded: resource('got other allowed address pairs'),
  resource_update_allowed_address_pairs_failed: resource('could not get other allowed address pairs', 'failed'),
};
