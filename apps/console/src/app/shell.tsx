import { AppShell, Burger, Group, NavLink, ScrollArea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useSessionState } from '../api/use-session.js';
import { en } from '../messages/en.js';
import { Icon } from '../parts/icon.js';
import { AccountMenu } from './account-menu.js';
import iconUrl from './icon.svg';
import { openDestinations } from './navigation.js';

/** What is around every screen. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { session } = useSessionState();
  const { pathname } = useLocation();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a href="#content" className="skip-link">
        {en.skipToContent}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={en.navigation.open}
              aria-expanded={isOpen}
            />
            <Link to="/" className="brand">
              <img src={iconUrl} alt="" />
              {en.product}
            </Link>
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={en.navigation.label}>
        <ScrollArea>
          {openDestinations(session?.me.permissions ?? []).map(({ to, label, icon }) => (
            <NavLink
              key={to}
              renderRoot={(props) => <Link to={to} {...props} />}
              label={label}
              leftSection={<Icon name={icon} />}
              active={pathname.startsWith(to)}
              aria-current={pathname.startsWith(to) ? 'page' : undefined}
              onClick={close}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
