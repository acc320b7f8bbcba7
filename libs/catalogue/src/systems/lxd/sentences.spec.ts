import { describe, expect, it } from 'vitest';
import { catalogue } from '../index.js';
import { nameOfPath } from './sentences.js';

describe('nameOfPath', () => {
  it.each([
    ['/1.0/instances/web-1?project=build', 'web-1'],
    ['/1.0/instances/logs', 'logs'],
    ['/1.0/instances/instances/snapshots/snapshots?project=snapshots', 'instances/snapshots'],
    ['/1.0/images/images', 'images'],
    ['/1.0/images/aliases/aliases', 'aliases'],
    ['/1.0/images/aliases', 'aliases'],
    ['/1.0/networks/1.0', '1.0'],
    ['/1.0/storage-pools/volumes/volumes/custom/snapshots', 'volumes/custom/snapshots'],
    ['/1.0/storage-pools/p/volumes/custom/v/snapshots/s', 'p/custom/v/s'],
    ['/1.0/storage-pools/p/buckets/keys/keys/k', 'p/keys/k'],
    ['/1.0/cluster/members/cluster', 'cluster'],
    ['/1.0/cluster/groups/members', 'members'],
    ['/1.0/auth/identities/tls/abc', 'tls/abc'],
    ['/1.0/auth/groups/auth', 'auth'],
    ['/1.0/network-zones/zone/records/records', 'zone/records'],
    ['/1.0/networks/n/load-balancers/10.0.0.1', 'n/10.0.0.1'],
    ['/1.0/instances/c1/metadata/templates', 'c1'],
    ['/1.0/instances/console/console', 'console'],
    ['/1.0/instances/a%2Fb/exec', 'a/b'],
    ['/1.0/instances/c1/snapshots/50%', 'c1/50%'],
    // Older and newer servers, and Incus.
    ['/1.0/containers/c1', 'c1'],
    ['/1.0/containers/containers/snapshots/s', 'containers/s'],
    ['/1.0/virtual-machines/vm', 'vm'],
    ['/1.0/network-address-sets/s1', 's1'],
    ['/1.0/network-integrations/ovn/peers/x', 'ovn/x'],
    ['/1.0', ''],
    ['/1.0/instances', ''],
    ['/1.0/cluster/certificate', ''],
    ['', ''],
  ])('of %s is %j', (path, name) => {
    expect(nameOfPath(path)).toBe(name);
  });
});

describe('a message of a kind that is not catalogued', () => {
  it.each([
    [
      'network-acl',
      { message: 'ingress drop', level: 'info', context: { acl: 'web', proto: 'tcp' } },
      'info: ingress drop (acl: web, proto: tcp)',
    ],
    ['ovn', { message: 'northd recompute', level: 'debug', context: {} }, 'debug: northd recompute'],
    [
      'security',
      { action: 'authn-failed', level: 'warning', message: 'bad certificate', requestor: null },
      'warning: authn-failed: bad certificate',
    ],
    ['security', { name: 'authn', description: 'a login failed' }, 'log: a login failed'],
    ['config', { key: 'user.a', old_value: '', value: '1' }, 'LXD says key: user.a, old_value: "", value: 1.'],
    ['newer', { list: [1], deep: { a: null } }, 'LXD says list: [1], deep: {"a":null}.'],
    ['newer', {}, 'LXD says something of a kind that is not catalogued.'],
    ['newer', 'text', 'LXD says something of a kind that is not catalogued.'],
    [
      'lifecycle.container-started',
      { action: 'container-started', source: '/1.0/containers/c1' },
      'container-started: c1.',
    ],
  ])('of the kind %s is said by what it holds', (kind, metadata, message) => {
    const reader = catalogue.undeclaredReader('lxd', `com.canonical.lxd.${kind}`);
    expect(reader.messageOf({ metadata })).toBe(message);
  });
});
