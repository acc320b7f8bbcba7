/**
 * Networks that an address given by a user must not lead to: they are this machine, the operator's own network, or no
 * host at all. What an operator opens by configuration is taken out of them.
 */
export const BLOCKED_NETWORKS: readonly (readonly [network: string, what: string])[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared by a carrier'],
  ['127.0.0.0/8', 'this machine'],
  // Where cloud machines ask for their own credentials.
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved for protocols'],
  ['192.0.2.0/24', 'for documentation'],
  ['192.31.196.0/24', 'for name servers of AS112'],
  ['192.52.193.0/24', 'for multicast tunnels'],
  ['192.88.99.0/24', 'a former 6to4 relay'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'for name servers of AS112'],
  ['198.18.0.0/15', 'for benchmarks'],
  ['198.51.100.0/24', 'for documentation'],
  ['203.0.113.0/24', 'for documentation'],
  ['224.0.0.0/4', 'multicast'],
  // The broadcast address 255.255.255.255 is in it.
  ['240.0.0.0/4', 'reserved'],
  ['::1/128', 'this machine'],
  // The unspecified address is in it; some systems take the rest for the IPv4 address in it.
  ['::/96', 'an IPv4 address in IPv6'],
  // The kernel takes it for the IPv4 address in it.
  ['::ffff:0:0/96', 'an IPv4 address in IPv6'],
  ['::ffff:0:0:0/96', 'translated to IPv4'],
  // Translators on the way reach the IPv4 address in these.
  ['64:ff9b::/96', 'translated to IPv4'],
  ['64:ff9b:1::/48', 'translated to IPv4'],
  ['100::/64', 'discarded'],
  ['100:0:0:1::/64', 'a dummy prefix'],
  // Teredo, benchmarks, ORCHID and whatever else is set up for a protocol.
  ['2001::/23', 'reserved for protocols'],
  ['2001:db8::/32', 'for documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'for name servers of AS112'],
  ['3fff::/20', 'for documentation'],
  ['5f00::/16', 'for segment routing'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
];
