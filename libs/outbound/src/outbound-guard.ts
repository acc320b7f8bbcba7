import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { BLOCKED_NETWORKS } from './blocked-networks.js';
import { OutboundRefused } from './outbound-refused.js';

type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

const BLOCKED = BLOCKED_NETWORKS.map(([network, what]) => ({
  network: ipaddr.parseCIDR(network),
  name: network,
  what,
}));

/** As `dns.lookup` is asked by the guard: for all addresses. */
export type AddressLookup = (
  hostname: string,
  options: { all: true; family?: number; hints?: number },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Says which addresses may be dialled, and looks names up so that none that may not can slip in between. */
export class OutboundGuard {
  private readonly allowed: readonly Network[];

  /**
   * @param allow networks in CIDR form that may be dialled although they are blocked
   * @param resolve how names are looked up; the system's way unless told otherwise
   */
  constructor(
    allow: readonly string[] = [],
    private readonly resolve: AddressLookup = systemLookup,
  ) {
    this.allowed = allow.map((network) => ipaddr.parseCIDR(network));
  }

  /**
   * Why an address may not be dialled; undefined: it may.
   * @param address IPv4 in any spelling that systems accept (`127.1`, `0x7f000001`, `2130706433`), or IPv6
   */
  refusalOf(address: string): OutboundRefused | undefined {
    let parsed: ipaddr.IPv4 | ipaddr.IPv6;
    try {
      parsed = ipaddr.parse(address);
    } catch {
      return new OutboundRefused(address, 'is no address');
    }
    if (this.allowed.some((network) => isWithin(parsed, network))) return undefined;
    const blocked = BLOCKED.find(({ network }) => isWithin(parsed, network));
    return blocked && new OutboundRefused(address, `is in ${blocked.name}, which is ${blocked.what}`);
  }

  /**
   * Why a host must not be dialled, so far as its name alone tells: a name is judged when it has been looked up. Sockets
   * never look literals up, so whoever dials asks this first.
   */
  refusalOfHost(host: string): OutboundRefused | undefined {
    const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    return isIP(bare) !== 0 || ipaddr.isValid(bare) ? this.refusalOf(bare) : undefined;
  }

  /** For `net.connect` and `tls.connect`: fails where a name has any address that may not be dialled. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    const { family, hints, all } = options;
    this.resolve(
      hostname,
      { all: true, family: familyNumber(family), ...(hints !== undefined && { hints }) },
      (error, addresses) => {
        if (error !== null) {
          callback(error, '', 0);
          return;
        }
        // One that is blocked among public ones is no slip: it is what an attacker's name server answers.
        const refusal = addresses.map(({ address }) => this.refusalOf(address)).find((found) => found !== undefined);
        const [first] = addresses;
        if (refusal !== undefined) callback(refusal.ofHost(hostname), '', 0);
        else if (first === undefined) callback(new OutboundRefused(hostname, 'has no address'), '', 0);
        else if (all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
    );
  };
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function familyNumber(family: number | 'IPv4' | 'IPv6' | undefined): number {
  if (typeof family === 'number') return family;
  return family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : 0;
}
