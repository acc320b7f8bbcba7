import { Center, Divider, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { en } from '../messages/en.js';
import { CopiedCommand } from '../parts/copied-command.js';
import { ProblemView } from '../parts/problem-view.js';
import { TokenForm } from './token-form.js';

/** What somebody sees who is not signed in. @param problem why a link did not do it */
export function SignIn({ problem }: { readonly problem: unknown }) {
  useEffect(() => {
    document.title = en.signIn.title;
  }, []);
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="lg" maw={440} w="100%">
        <Stack gap="md">
          <Title order={1} size="h3">
            {en.signIn.title}
          </Title>
          {problem !== undefined && <ProblemView problem={problem} title={en.signIn.linkFailed} />}
          <div>
            <Text size="sm" mb={6}>
              {en.signIn.byLink}
            </Text>
            <CopiedCommand command={en.signIn.command} />
          </div>
          <Divider label={en.signIn.byToken} />
          <TokenForm submit={en.signIn.submit} />
        </Stack>
      </Paper>
    </Center>
  );
}
