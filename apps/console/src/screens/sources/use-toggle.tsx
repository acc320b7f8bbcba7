import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { en } from '../../messages/en.js';
import { Icon } from '../../parts/icon.js';
import { lastSwitchesQuery, metricsQuery, sourcesQuery, switchSource } from './source-queries.js';
import { type SourceRow, suppressedSince } from './source-row.js';

/**
 * Switches a source, and says that it is done, with the way back for ten seconds. Nothing is shown as done before the
 * server has done it.
 */
export function useToggle(row: SourceRow): UseMutationResult<unknown, Error, boolean> {
  const queries = useQueryClient();
  const { source, metrics } = row;
  const look = async (): Promise<void> => {
    await Promise.all(
      [sourcesQuery, metricsQuery, lastSwitchesQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey })),
    );
  };
  const undo = async (wasEnabled: boolean): Promise<void> => {
    notifications.hide(toastOf(source.id, !wasEnabled));
    try {
      await switchSource(source.id, wasEnabled);
      notifications.show({ message: en.sources.switched(source.name, wasEnabled) });
    } catch (problem) {
      tellFailure(en.sources.undoFailed, problem);
    }
    await look();
  };
  return useMutation({
    mutationFn: (enabled: boolean) => switchSource(source.id, enabled),
    onSuccess: (_, enabled) => {
      const missed = enabled ? suppressedSince(metrics, row.lastSwitch?.at ?? source.updated_at) : 0;
      // One of the same name would be passed over while it is still there.
      notifications.hide(toastOf(source.id, !enabled));
      notifications.show({
        id: toastOf(source.id, enabled),
        title: en.sources.switched(source.name, enabled),
        icon: <Icon name="check" />,
        message: (
          <Stack gap="xs">
            {missed > 0 && <Text size="sm">{en.sources.missed(missed)}</Text>}
            <Group>
              <Button size="xs" variant="default" onClick={() => void undo(!enabled)}>
                {en.sources.undo}
              </Button>
            </Group>
          </Stack>
        ),
      });
    },
    onError: (problem) => tellFailure(en.sources.toggleFailed(source.name), problem),
    onSettled: look,
  });
}

const toastOf = (id: string, enabled: boolean): string => `${id} ${enabled ? 'on' : 'off'}`;

function tellFailure(title: string, problem: unknown): void {
  const message = problem instanceof Error ? problem.message : String(problem);
  notifications.show({ title, message, color: 'red', icon: <Icon name="alert" />, autoClose: false });
}
