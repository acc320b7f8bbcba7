import { Button, PasswordInput, Stack } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { ApiProblem } from '../api/problem.js';
import { signInWithToken } from '../api/signing-in.js';
import { en } from '../messages/en.js';

/** One field for a token, which the server is asked about before it is kept. */
export function TokenForm({ submit }: { readonly submit: string }) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setBusy(true);
    signInWithToken(token.trim())
      .catch((error: unknown) => setProblem(textOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={onSubmit} autoComplete="off">
      <Stack gap="sm">
        <PasswordInput
          label={en.signIn.token}
          description={en.signIn.kept}
          value={token}
          error={problem}
          onChange={(event) => {
            setToken(event.currentTarget.value);
            setProblem(undefined);
          }}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Button type="submit" loading={isBusy} disabled={!/^[\x21-\x7e]+$/.test(token.trim())}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}

function textOf(error: unknown): string {
  if (error instanceof ApiProblem && error.status === 0) return en.problem.unreachable;
  return error instanceof Error ? error.message : String(error);
}
