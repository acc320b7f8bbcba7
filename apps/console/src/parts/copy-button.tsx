import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { en } from '../messages/en.js';
import { Icon } from './icon.js';

/** Copies a text. @param label what it copies, in words */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const clipboard = useClipboard();
  const said = clipboard.copied ? en.copy.copied : label;
  return (
    <Tooltip label={said}>
      <ActionIcon variant="subtle" color="gray" aria-label={said} onClick={() => clipboard.copy(text)}>
        <Icon name={clipboard.copied ? 'check' : 'copy'} />
      </ActionIcon>
    </Tooltip>
  );
}
