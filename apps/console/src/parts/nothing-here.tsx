import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface NothingHereProps {
  /** What would be here. */
  readonly title: string;
  /** Why it is not. */
  readonly text: string;
  /** Whether it is all that the screen shows, so that this is its heading. */
  readonly isScreen?: boolean;
  /** The one next step. */
  readonly children?: ReactNode;
}

/** An empty list, which says what to do. */
export function NothingHere({ title, text, isScreen = false, children }: NothingHereProps) {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Title order={isScreen ? 1 : 2} size="h4">
        {title}
      </Title>
      <Text c="dimmed" maw={480}>
        {text}
      </Text>
      {children}
    </Stack>
  );
}
