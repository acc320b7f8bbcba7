import { en } from '../messages/en.js';
import { CopyButton } from './copy-button.js';

/** A command to run in a shell, with a button that copies it. */
export function CopiedCommand({ command }: { readonly command: string }) {
  return (
    <div className="command">
      <code>{command}</code>
      <CopyButton text={command} label={en.copy.value(command)} />
    </div>
  );
}
