import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A server of nothing but one answer, as a process of its own. */
export interface BareServer {
  readonly url: string;
  stop(): void;
}

/** What Nest and Fastify can do at best with an answer of those bytes. */
export async function startBareServer(body: string): Promise<BareServer> {
  const child: ChildProcess = fork(fileURLToPath(new URL('bare-process.js', import.meta.url)));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(typeof message === 'string' ? message : ''));
    child.once('exit', () => reject(new Error('the bare server has ended')));
    child.send(body);
  });
  return { url, stop: () => void child.kill('SIGKILL') };
}
