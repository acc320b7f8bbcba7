import { renamed } from '../contexts.js';
import { lifecycleRows } from '../rows.js';

export const networkEvents = {
  ...lifecycleRows(
    { family: 'network', title: 'a network', path: '/1.0/networks/lxdbr0' },
    {
      'network-created': 'was created',
      'network-deleted': 'was deleted',
      'network-renamed': { says: 'was renamed', context: renamed },
      'network-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'network-acl', title: 'a network ACL', path: '/1.0/network-acls/web' },
    {
      'network-acl-created': 'was created',
      'network-acl-deleted': 'was deleted',
      'network-acl-renamed': { says: 'was renamed', context: renamed },
      'network-acl-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'network-forward', title: 'a network forward', path: '/1.0/networks/lxdbr0/forwards/192.0.2.10' },
    {
      'network-forward-created': 'was created',
      'network-forward-deleted': 'was deleted',
      'network-forward-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    {
      family: 'network-load-balancer',
      title: 'a network load balancer',
      path: '/1.0/networks/ovn0/load-balancers/192.0.2.20',
    },
    {
      'network-load-balancer-created': 'was created',
      'network-load-balancer-deleted': 'was deleted',
      'network-load-balancer-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'network-peer', title: 'a network peer', path: '/1.0/networks/ovn0/peers/backbone' },
    {
      'network-peer-created': 'was created',
      'network-peer-deleted': 'was deleted',
      'network-peer-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    { family: 'network-zone', title: 'a network zone', path: '/1.0/network-zones/lab.example.org' },
    {
      'network-zone-created': 'was created',
      'network-zone-deleted': 'was deleted',
      'network-zone-updated': 'was updated',
    },
  ),
  ...lifecycleRows(
    {
      family: 'network-zone',
      title: 'a network zone record',
      path: '/1.0/network-zones/lab.example.org/records/www',
    },
    {
      'network-zone-record-created': 'was created',
      'network-zone-record-deleted': 'was deleted',
      'network-zone-record-updated': 'was updated',
    },
  ),
};
