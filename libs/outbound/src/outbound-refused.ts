/** A connection that is not made, because of where it would lead. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
  readonly code = 'ERR_OUTBOUND_REFUSED';

  constructor(
    /** The address, or the name that leads to it. */
    readonly host: string,
    private readonly reason: string,
  ) {
    super(`${host} may not be called: it ${reason}. An operator can open networks by TIDINGS_OUTBOUND_ALLOW.`);
  }

  /** The same, told of the name that was looked up: the address behind it is not the caller's to know. */
  ofHost(name: string): OutboundRefused {
    return new OutboundRefused(name, `leads to an address that ${this.reason}`);
  }
}
