const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs something until it is interrupted (Ctrl-C), and lets it end in order. Then the process ends by that same
 * signal, which is how a shell knows that a loop around it is to end, too.
 * @param run ends soon after its signal is aborted
 */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let interruption: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals): void => {
    interruption = signal;
    // The second one ends it at once.
    release();
    controller.abort();
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    await run(controller.signal);
  } finally {
    release();
  }
  if (interruption !== undefined) process.kill(process.pid, interruption);
}
