/** What has to be stopped when the bench ends, whichever way: the last that was started first. */
export class Closing {
  private readonly stops: (() => Promise<void> | void)[] = [];
  private closing: Promise<void> | undefined;

  /** @returns what stops it earlier */
  add(stop: () => Promise<void> | void): () => Promise<void> {
    let stopped: Promise<void> | undefined;
    const once = (): Promise<void> => (stopped ??= Promise.resolve().then(stop));
    this.stops.push(once);
    return once;
  }

  close(): Promise<void> {
    return (this.closing ??= this.run());
  }

  private async run(): Promise<void> {
    for (const stop of this.stops.reverse()) {
      await Promise.resolve(stop()).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    }
  }
}
