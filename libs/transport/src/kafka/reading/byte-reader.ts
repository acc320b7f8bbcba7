/** A number of so many bytes is read without a bigint. */
const SHORT_BYTES = 4;

/** Reads Kafka's binary format from one end to the other. Throws a RangeError where the bytes end too early. */
export class ByteReader {
  /**
   * @param at where to begin
   * @param end where the bytes end for this reader
   */
  constructor(
    readonly bytes: Buffer,
    public at = 0,
    private readonly end = bytes.length,
  ) {}

  int8(): number {
    return this.bytes.readInt8(this.step(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.step(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.step(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.step(8));
  }

  /** An unsigned number of up to 32 bits, seven of them a byte. */
  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.step(1)] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number has more than five bytes');
  }

  /** A signed number of 32 bits. */
  varint(): number {
    // Nearly all are of one or two bytes.
    const { bytes, at } = this;
    const first = at < this.end ? (bytes[at] ?? 0x80) : 0x80;
    const second = at + 1 < this.end ? (bytes[at + 1] ?? 0x80) : 0x80;
    if (first < 0x80 || second < 0x80) {
      this.at = at + (first < 0x80 ? 1 : 2);
      const short = first < 0x80 ? first : (first & 0x7f) | (second << 7);
      return (short >>> 1) ^ -(short & 1);
    }
    const value = this.unsignedVarint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A signed number of 64 bits. */
  varlong(): bigint {
    for (let at = this.at; at < this.at + SHORT_BYTES; at += 1) {
      if ((this.bytes[at] ?? 0x80) < 0x80) return BigInt(this.varint());
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.step(1)] ?? 0;
      value += BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
    }
    throw new RangeError('a number has more than ten bytes');
  }

  /** @param length -1 means null */
  slice(length: number): Buffer | null {
    if (length === -1) return null;
    if (length < 0) throw new RangeError(`a length is ${length}`);
    const from = this.step(length);
    return this.bytes.subarray(from, from + length);
  }

  /** Text whose length of 16 bits stands before it. */
  text(): string {
    return this.slice(this.int16())?.toString('utf8') ?? '';
  }

  /** Text of the flexible versions, whose length plus one stands before it. */
  compactText(): string {
    return this.slice(this.unsignedVarint() - 1)?.toString('utf8') ?? '';
  }

  /** @param read called for each element; a null list is an empty one */
  list<T>(read: () => T): T[] {
    return Array.from({ length: this.count(this.int32()) }, read);
  }

  compactList<T>(read: () => T): T[] {
    return Array.from({ length: this.count(this.unsignedVarint() - 1) }, read);
  }

  /** The tagged fields of the flexible versions, none of which matters here. */
  skipTags(): void {
    for (let left = this.unsignedVarint(); left > 0; left -= 1) {
      this.unsignedVarint();
      this.step(this.unsignedVarint());
    }
  }

  skip(length: number): void {
    this.step(length);
  }

  /** No element takes less than a byte, so that a wrong count cannot ask for more memory than there are bytes. */
  private count(given: number): number {
    if (given > this.end - this.at) throw new RangeError('a list is longer than its bytes');
    return Math.max(0, given);
  }

  private step(length: number): number {
    const from = this.at;
    if (length < 0 || from + length > this.end) throw new RangeError('the bytes end too early');
    this.at = from + length;
    return from;
  }
}
