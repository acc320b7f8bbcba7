import { family } from '../families.js';
import {
  FloatingIpContext,
  NetworkContext,
  PortContext,
  RouterContext,
  SecurityGroupContext,
  SecurityGroupRuleContext,
  ServerGroupContext,
  SubnetContext,
  TenantQuotaContext,
} from './openstack-contexts.js';
import { MEMBER, PROJECT, SERVICE } from './people.js';

const PLACE = { ...MEMBER, ...PROJECT, ...SERVICE } as const;

const floatingIp = family({
  entity: 'A floating IP',
  groups: ['resources'],
  subject: ['context.floating_ip_uuid'],
  names: ['context.floating_ip_name'],
  context: FloatingIpContext,
  example: {
    ...PLACE,
    floating_ip_uuid: 'b1d3f5a7c9e04b2d8f6a1c3e5b7d9f02',
    floating_ip_name: '203.0.113.17',
    instance_uuid: '4ea9877af3764c25ae460a9618949a23',
    instance_name: 'vm-01',
  },
});

const network = family({
  entity: 'A network',
  groups: ['resources'],
  subject: ['context.network_uuid'],
  names: ['context.network_name'],
  context: NetworkContext,
  example: { ...PLACE, network_uuid: '9c8b7a6d5e4f4c3b8a2d1e0f9c8b7a65', network_name: 'genome-net' },
});

const subnet = family({
  entity: 'A subnet',
  groups: ['resources'],
  subject: ['context.subnet_uuid'],
  names: ['context.subnet_name'],
  context: SubnetContext,
  example: {
    ...PLACE,
    subnet_uuid: '6f5e4d3c2b1a4f0e9d8c7b6a5f4e3d2c',
    subnet_name: 'genome-net-1',
    network_uuid: '9c8b7a6d5e4f4c3b8a2d1e0f9c8b7a65',
    network_name: 'genome-net',
  },
});

const port = family({
  entity: 'A port',
  groups: ['resources'],
  subject: ['context.port_uuid'],
  names: ['context.port_name', 'context.port_uuid'],
  context: PortContext,
  example: { ...PLACE, port_uuid: '3e2d1c0b9a8f4e7d8c6b5a4f3e2d1c0b', port_name: 'vm-01-port' },
});

const router = family({
  entity: 'A router',
  groups: ['resources'],
  subject: ['context.router_uuid'],
  names: ['context.router_name'],
  context: RouterContext,
  example: {
    ...PLACE,
    router_uuid: '0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d',
    router_name: 'genome-router',
    old_routes: [],
    new_routes: [{ destination: '198.51.100.0/24', nexthop: '192.168.42.1' }],
    tenant_backend_id: 'e0c8a6f2b4d94e7f8a1c3b5d7f9e0a2c',
    changed_interface: {},
  },
});

const securityGroup = family({
  entity: 'A security group',
  groups: ['resources'],
  subject: ['context.security_group_uuid'],
  names: ['context.security_group_name'],
  context: SecurityGroupContext,
  example: { ...PLACE, security_group_uuid: '5d7f9b1c3e5a4c7d8f0b2d4e6a8c0e13', security_group_name: 'ssh' },
});

const securityGroupRule = family({
  entity: 'A rule of a security group',
  groups: ['resources'],
  subject: ['context.security_group_uuid'],
  names: ['context.security_group_name'],
  context: SecurityGroupRuleContext,
  example: {
    ...PLACE,
    security_group_uuid: '5d7f9b1c3e5a4c7d8f0b2d4e6a8c0e13',
    security_group_name: 'ssh',
    security_group_rule_protocol: 'tcp',
    security_group_rule_from_port: '22',
    security_group_rule_to_port: '22',
    security_group_rule_cidr: '192.0.2.0/24',
    security_group_rule_direction: 'ingress',
    security_group_rule_ethertype: 'IPv4',
  },
});

const serverGroup = family({
  entity: 'A server group',
  groups: ['resources'],
  subject: ['context.server_group_uuid'],
  names: ['context.server_group_name'],
  context: ServerGroupContext,
  example: { ...PLACE, server_group_uuid: '7b9d1f3a5c7e4a9b8d1f3c5e7a9b1d34', server_group_name: 'anti-affinity' },
});

const tenantQuota = family({
  entity: 'The quota of a tenant',
  groups: ['resources'],
  subject: ['context.tenant_uuid'],
  names: ['{context.quota_name} of {context.tenant_name}', 'context.tenant_name'],
  context: TenantQuotaContext,
  example: {
    ...PLACE,
    tenant_uuid: 'e2f4a6b8c0d24e6f8a1b3c5d7e9f1a35',
    tenant_name: 'genome',
    quota_name: 'vcpu',
    limit: 64,
    old_limit: 32,
  },
});

export const openstackEvents = {
  openstack_floating_ip_attached: floatingIp('was attached to a port'),
  openstack_floating_ip_detached: floatingIp('was detached from its port'),
  openstack_floating_ip_connected: floatingIp('was connected to an instance'),
  openstack_floating_ip_disconnected: floatingIp('was disconnected from its instance'),
  openstack_floating_ip_description_updated: floatingIp('got another description'),

  openstack_network_created: network('was created'),
  openstack_network_updated: network('was updated'),
  openstack_network_deleted: network('was deleted'),
  openstack_network_imported: network('was imported'),
  openstack_network_pulled: network('was read from OpenStack'),
  openstack_network_cleaned: network('is gone from OpenStack and was forgotten'),

  openstack_port_created: port('was created'),
  openstack_port_updated: port('was updated'),
  openstack_port_deleted: port('was deleted'),
  openstack_port_imported: port('was imported'),
  openstack_port_pulled: port('was read from OpenStack'),
  openstack_port_cleaned: port('is gone from OpenStack and was forgotten'),

  openstack_router_updated: router('was updated'),

  openstack_security_group_created: securityGroup('was created'),
  openstack_security_group_updated: securityGroup('was updated'),
  openstack_security_group_deleted: securityGroup('was deleted'),
  openstack_security_group_imported: securityGroup('was imported'),
  openstack_security_group_pulled: securityGroup('was read from OpenStack'),
  openstack_security_group_cleaned: securityGroup('is gone from OpenStack and was forgotten'),

  openstack_security_group_rule_created: securityGroupRule('was created'),
  openstack_security_group_rule_updated: securityGroupRule('was updated'),
  openstack_security_group_rule_deleted: securityGroupRule('was deleted'),
  openstack_security_group_rule_imported: securityGroupRule('was imported'),
  openstack_security_group_rule_cleaned: securityGroupRule('is gone from OpenStack and was forgotten'),

  openstack_server_group_created: serverGroup('was created'),
  openstack_server_group_deleted: serverGroup('was deleted'),
  openstack_server_group_imported: serverGroup('was imported'),
  openstack_server_group_pulled: serverGroup('was read from OpenStack'),
  openstack_server_group_cleaned: serverGroup('is gone from OpenStack and was forgotten'),

  openstack_subnet_created: subnet('was created'),
  openstack_subnet_updated: subnet('was updated'),
  openstack_subnet_deleted: subnet('was deleted'),
  openstack_subnet_imported: subnet('was imported'),
  openstack_subnet_pulled: subnet('was read from OpenStack'),
  openstack_subnet_cleaned: subnet('is gone from OpenStack and was forgotten'),

  openstack_tenant_quota_limit_updated: tenantQuota('got another limit'),
};
