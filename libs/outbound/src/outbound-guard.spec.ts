import type { LookupAddress } from 'node:dns';
import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutboundGuard } from './outbound-guard.js';
import { OutboundRefused } from './outbound-refused.js';

const guard = new OutboundGuard();

/** The first and the last address of each network, as reliability demands them, and what lies just outside. */
const NETWORKS: readonly (readonly [blocked: readonly string[], free: readonly string[]])[] = [
  [['0.0.0.0', '0.255.255.255'], ['1.0.0.0']],
  [
    ['10.0.0.0', '10.255.255.255'],
    ['9.255.255.255', '11.0.0.0'],
  ],
  [
    ['100.64.0.0', '100.127.255.255'],
    ['100.63.255.255', '100.128.0.0'],
  ],
  [
    ['127.0.0.0', '127.0.0.1', '127.255.255.255'],
    ['126.255.255.255', '128.0.0.0'],
  ],
  [
    ['169.254.0.0', '169.254.169.254', '169.254.255.255'],
    ['169.253.255.255', '169.255.0.0'],
  ],
  [
    ['172.16.0.0', '172.31.255.255'],
    ['172.15.255.255', '172.32.0.0'],
  ],
  [
    ['192.0.0.0', '192.0.0.255'],
    ['191.255.255.255', '192.0.1.0'],
  ],
  [
    ['192.0.2.0', '192.0.2.255'],
    ['192.0.1.255', '192.0.3.0'],
  ],
  [
    ['192.88.99.0', '192.88.99.255'],
    ['192.88.98.255', '192.88.100.0'],
  ],
  [
    ['192.168.0.0', '192.168.255.255'],
    ['192.167.255.255', '192.169.0.0'],
  ],
  [
    ['198.18.0.0', '198.19.255.255'],
    ['198.17.255.255', '198.20.0.0'],
  ],
  [
    ['198.51.100.0', '198.51.100.255'],
    ['198.51.99.255', '198.51.101.0'],
  ],
  [
    ['203.0.113.0', '203.0.113.255'],
    ['203.0.112.255', '203.0.114.0'],
  ],
  [['224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.255'], ['223.255.255.255']],
  [['::', '::1', '::a9fe:a9fe', '::7f00:1', '::ffff:ffff'], ['2001:4860:4860::8888']],
  [['::ffff:0:7f00:1', '::ffff:0:169.254.169.254'], []],
  [
    ['192.31.196.0', '192.31.196.255', '192.52.193.1', '192.175.48.0', '192.175.48.255', '2620:4f:8000::1'],
    ['192.31.195.255', '192.31.197.0', '192.52.192.255', '192.175.47.255', '192.175.49.0', '2620:4f:8001::1'],
  ],
  [
    ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:2::1', '2001:20::1', '2001:1ff:ffff::1'],
    ['2001:200::1', '2001:4860::1'],
  ],
  [['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1'], []],
  [['64:ff9b::1', '64:ff9b::7f00:1', '64:ff9b:1::1', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'], ['64:ff9c::1']],
  [['100::1', '100::ffff:ffff:ffff:ffff', '100:0:0:1::1'], ['100:0:0:2::1']],
  [
    ['2001:db8::1', '2001:db8:ffff:ffff::1'],
    ['2001:db7::1', '2001:db9::1'],
  ],
  [
    ['2002::1', '2002:ffff::1'],
    ['2003::1', '2001:ffff::1'],
  ],
  [
    ['3fff::1', '3fff:fff:ffff::1'],
    ['3fff:1000::1', '3ffe::1'],
  ],
  [['5f00::1', '5f00:ffff::1'], ['5f01::1']],
  [['fc00::1', 'fd12:3456::1', 'fdff:ffff::1'], ['fbff::1']],
  [['fe80::1', 'febf::1', 'fe80::1%eth0', 'fec0::1', 'feff::1'], ['fe00::1']],
  [['ff00::1', 'ff02::1', 'ffff::1'], []],
];

describe('an address', () => {
  it.each(NETWORKS.flatMap(([blocked]) => blocked))('%s may not be called', (address) => {
    expect(guard.refusalOf(address)).toBeInstanceOf(OutboundRefused);
  });

  it.each(NETWORKS.flatMap(([, free]) => free))('%s may be called', (address) => {
    expect(guard.refusalOf(address)).toBeUndefined();
  });

  it.each(['2130706433', '0x7f.1', '0x7f000001', '017700000001', '127.1', '0', '[::ffff:127.0.0.1]', '127.0.0.1.'])(
    '%s, another spelling of this machine, may not be called',
    (host) => {
      expect(guard.refusalOfHost(host)).toBeInstanceOf(OutboundRefused);
    },
  );

  it('says what is wrong with it', () => {
    expect(guard.refusalOfHost('169.254.169.254')?.message).toContain('169.254.0.0/16, which is link-local');
  });

  it('may be called in a network that an operator opened, and only there', () => {
    const opened = new OutboundGuard(['10.1.0.0/16', '::1/128']);
    expect(opened.refusalOf('10.1.2.3')).toBeUndefined();
    expect(opened.refusalOf('::1')).toBeUndefined();
    expect(opened.refusalOf('10.2.0.1')).toBeDefined();
    expect(opened.refusalOf('::ffff:10.1.2.3')).toBeDefined();
  });

  it('is judged alike however it is spelt', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (number) => {
        const dotted = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
        const verdict = guard.refusalOf(dotted) !== undefined;
        expect(guard.refusalOfHost(String(number)) !== undefined).toBe(verdict);
        expect(guard.refusalOfHost(`0x${number.toString(16)}`) !== undefined).toBe(verdict);
      }),
    );
  });
});

describe('a name', () => {
  const answering = (...addresses: string[]): OutboundGuard =>
    new OutboundGuard([], (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address): LookupAddress => ({ address, family: isIPv6(address) ? 6 : 4 })),
      ),
    );
  const lookup = (from: OutboundGuard): Promise<unknown> =>
    new Promise((resolve) =>
      from.lookup('example.test', { all: true }, (error, addresses) => resolve(error ?? addresses)),
    );

  it('is not judged before it is looked up', () => {
    expect(guard.refusalOfHost('localhost')).toBeUndefined();
  });

  it('leads to its addresses', async () => {
    expect(await lookup(answering('93.184.215.14'))).toEqual([{ address: '93.184.215.14', family: 4 }]);
  });

  it('is refused where any of its addresses is, without telling which', async () => {
    const refusal = await lookup(answering('93.184.215.14', '10.0.0.7'));
    expect(refusal).toBeInstanceOf(OutboundRefused);
    expect(String(refusal)).not.toContain('10.0.0.7');
  });

  it('is refused where it has none', async () => {
    expect(await lookup(answering())).toBeInstanceOf(OutboundRefused);
  });
});
