import type { Command } from 'commander';
import type { ConnectionOptions } from '../api/connection.js';
import { CommandFailure } from '../command-failure.js';
import type { CommandLine } from '../command-line.js';
import { isObject, textOf } from '../output/exact-json.js';

/** `tidings console`: how a browser gets in. */
export function consoleCommand(line: CommandLine): Command {
  return line
    .serverCommand('console', {
      summary: 'Print a link that opens the web console, signed in as you',
      details:
        'It works once, within ten minutes. The session may do what your token may, and ends after twelve hours.',
      examples: ['tidings console', 'xdg-open "$(tidings console)"'],
    })
    .action(async (options: ConnectionOptions) => {
      const api = line.connect(options);
      const config = await api.request('GET', '/console/config.json', { alsoGood: [404] });
      if (config.status === 404) {
        throw new CommandFailure('notFound', `${api.connection.url} serves no console`, [
          'TIDINGS_CONSOLE=false leaves it out; the app `events` in the role `api` serves it otherwise.',
        ]);
      }
      const settings: unknown = config.json();
      const publicUrl = isObject(settings) ? settings['public_url'] : null;
      const answer = (await api.request('POST', '/api/login-codes/')).json<{ readonly code: unknown }>();
      const url = typeof publicUrl === 'string' ? publicUrl : api.connection.url;
      await line.out.line(`${url}/console/#code=${textOf(answer.code)}`);
    });
}
