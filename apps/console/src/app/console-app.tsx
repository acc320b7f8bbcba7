import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createQueryClient } from '../api/queries.js';
import { onSessionChange, sessionState } from '../api/session.js';
import { useSessionState } from '../api/use-session.js';
import { NONCE } from './nonce.js';
import { RenewalDialog } from './renewal-dialog.js';
import { router } from './router.js';
import { SignIn } from './sign-in.js';
import { cssVariables, theme } from './theme.js';

const queries = createQueryClient();
// Nothing of one caller is shown to the next.
onSessionChange(() => {
  if (sessionState().session === undefined) queries.clear();
});

/** All of it. */
export function ConsoleApp() {
  const { session, problem } = useSessionState();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => NONCE}
    >
      <QueryClientProvider client={queries}>
        {session === undefined ? <SignIn problem={problem} /> : <RouterProvider router={router} />}
        <RenewalDialog />
        <Notifications position="bottom-right" autoClose={10_000} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
