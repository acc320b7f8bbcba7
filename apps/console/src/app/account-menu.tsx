import { Button, Menu, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { SERVER } from '../api/client.js';
import type { Me } from '../api/session.js';
import { signOut } from '../api/signing-in.js';
import { useSessionState } from '../api/use-session.js';
import { en } from '../messages/en.js';
import { Icon } from '../parts/icon.js';
import { absoluteText } from '../parts/moment.js';

/** Who is signed in, what that allows, and how it all looks. */
export function AccountMenu() {
  const me = useSessionState().session?.me;
  if (me === undefined) return null;
  return (
    <Menu position="bottom-end" width={280} withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<Icon name="user" />} aria-label={en.account.label(me.name)}>
          <Text span truncate maw="9rem" size="sm">
            {me.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{en.account.signedInAs}</Menu.Label>
        <WhoIsThere me={me} />
        <Menu.Divider />
        <Menu.Label>{en.theme.label}</Menu.Label>
        <SchemeChoice />
        <Menu.Divider />
        <Menu.Item component="a" href={`${SERVER}/docs`} target="_blank" rel="noopener noreferrer">
          {en.account.apiReference}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="off" />} onClick={() => void signOut()}>
          {en.account.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function WhoIsThere({ me }: { readonly me: Me }) {
  const lines = [
    [en.account.permissions, me.permissions.join(', ')],
    [en.account.scopes, me.scopes.join(', ')],
    [en.account.expires, me.expires_at === null ? en.account.never : absoluteText(new Date(me.expires_at))],
  ] as const;
  return (
    <Stack gap={4} px="sm" pb="xs">
      <Text size="sm" fw={600} className="break">
        {me.name}
      </Text>
      {lines.map(([label, value]) => (
        <Text key={label} size="xs" className="break">
          <Text span c="dimmed" size="xs">
            {label}{' '}
          </Text>
          {value}
        </Text>
      ))}
    </Stack>
  );
}

function SchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      mx="xs"
      mb="xs"
      aria-label={en.theme.label}
      value={colorScheme}
      onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
      data={[
        { value: 'auto', label: en.theme.auto },
        { value: 'light', label: en.theme.light },
        { value: 'dark', label: en.theme.dark },
      ]}
    />
  );
}
