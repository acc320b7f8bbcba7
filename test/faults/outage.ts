/** Kills a server and starts it again. */
export async function outage(what: string, server: { kill(): Promise<void>; start(): Promise<void> }): Promise<void> {
  say(`killing ${what}`);
  await server.kill();
  await server.start();
  say(`${what} is back`);
}

/** Tells whoever waits what goes on. */
export function say(what: string): void {
  process.stderr.write(`… ${what}\n`);
}
