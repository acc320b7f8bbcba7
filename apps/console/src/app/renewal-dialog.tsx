import { Modal, Stack, Text } from '@mantine/core';
import { forgetSession } from '../api/session.js';
import { useSessionState } from '../api/use-session.js';
import { en } from '../messages/en.js';
import { TokenForm } from './token-form.js';

/** Asks for another token where the server takes this one no more. What is on the screen stays. */
export function RenewalDialog() {
  const { isRefused } = useSessionState();
  return (
    <Modal opened={isRefused} onClose={() => forgetSession()} title={en.renewal.title} closeOnClickOutside={false}>
      <Stack gap="sm">
        <Text size="sm">{en.renewal.text}</Text>
        <TokenForm submit={en.renewal.submit} />
      </Stack>
    </Modal>
  );
}
