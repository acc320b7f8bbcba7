import { ActionIcon, Group, Menu, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { SERVER } from '../api/client.js';
import { en } from '../messages/en.js';
import { Icon } from './icon.js';

interface ScreenProps {
  readonly title: string;
  readonly lead?: string;
  /** What the screen shows, as commands: whatever it can do a script can do, too. */
  readonly asCurl: string;
  readonly asCli: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A screen with its one heading. */
export function Screen({ title, lead, asCurl, asCli, actions, children }: ScreenProps) {
  useEffect(() => {
    document.title = `${title} · ${en.product}`;
  }, [title]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm">
              {lead}
            </Text>
          )}
        </div>
        <Group gap="xs" wrap="nowrap">
          {actions}
          <ScreenMenu asCurl={asCurl} asCli={asCli} />
        </Group>
      </Group>
      {children}
    </Stack>
  );
}

function ScreenMenu({ asCurl, asCli }: Pick<ScreenProps, 'asCurl' | 'asCli'>) {
  const clipboard = useClipboard();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={en.copy.label}>
          <ActionIcon variant="default" size="lg" aria-label={en.copy.label}>
            <Icon name={clipboard.copied ? 'check' : 'dots'} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => clipboard.copy(asCurl)}>{en.copy.curl}</Menu.Item>
        <Menu.Item onClick={() => clipboard.copy(asCli)}>{en.copy.cli}</Menu.Item>
        <Menu.Item component="a" href={`${SERVER}/docs`} target="_blank" rel="noopener noreferrer">
          {en.copy.reference}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A request of the API as a command; the token stays out of it. @param path from its slash on */
export function curlOf(path: string): string {
  return `curl -sS -H "Authorization: Bearer $TIDINGS_TOKEN" '${SERVER}${path.replaceAll("'", '%27')}'`;
}
