import { Button, Group, List, Popover, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { en } from '../../messages/en.js';
import { ProblemView } from '../../parts/problem-view.js';
import { blastRadius, type BlastRadius } from './blast-radius.js';
import { sourcesQuery, subscriptionsQuery, topicsQuery } from './source-queries.js';
import type { SourceRow } from './source-row.js';
import { useToggle } from './use-toggle.js';

/** The toggle. Switching off asks first, and says who would miss the source. */
export function SourceSwitch({ row }: { readonly row: SourceRow }) {
  const { source } = row;
  const [isAsking, setAsking] = useState(false);
  const toggle = useToggle(row);
  const onToggle = (): void => {
    if (source.enabled) setAsking(true);
    else toggle.mutate(true);
  };
  return (
    <Popover
      opened={isAsking}
      onChange={setAsking}
      position="bottom-start"
      withArrow
      trapFocus
      returnFocus
      withRoles={false}
      width={340}
    >
      <Popover.Target>
        <div className="nowrap">
          <Switch
            aria-label={en.sources.toggle(source.name)}
            checked={source.enabled}
            onChange={onToggle}
            disabled={toggle.isPending}
            label={source.enabled ? en.sources.on : en.sources.off}
          />
        </div>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={en.sources.impact.title(source.name)}>
        <Stack gap="sm">
          <Text fw={600}>{en.sources.impact.title(source.name)}</Text>
          <Impact row={row} />
          <Group justify="flex-end" gap="xs">
            <Button size="xs" variant="default" onClick={() => setAsking(false)}>
              {en.sources.impact.cancel}
            </Button>
            <Button
              size="xs"
              color="red.9"
              data-autofocus
              onClick={() => {
                setAsking(false);
                toggle.mutate(false);
              }}
            >
              {en.sources.impact.confirm}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Asked for as it is now: a decision hangs on it. */
function Impact({ row: { source, metrics } }: { readonly row: SourceRow }) {
  const sources = useQuery(sourcesQuery);
  const topics = useQuery({ ...topicsQuery, staleTime: 0 });
  const subscriptions = useQuery({ ...subscriptionsQuery, staleTime: 0 });
  const problem = topics.error ?? subscriptions.error;
  if (problem !== null) return <ProblemView problem={problem} />;
  if (sources.data === undefined || topics.data === undefined || subscriptions.data === undefined) {
    return <Text size="sm">{en.sources.impact.counting}</Text>;
  }
  const all = { sources: sources.data, topics: topics.data, subscriptions: subscriptions.data };
  return <ImpactList radius={blastRadius(source, all, metrics)} />;
}

function ImpactList({ radius }: { readonly radius: BlastRadius }) {
  const { impact } = en.sources;
  const lines = [
    [impact.topics(radius.topics.length), radius.topics],
    [impact.subscriptions(radius.subscriptions.length), radius.subscriptions],
    [impact.silent(radius.silenced.length), radius.silenced],
  ] as const;
  return (
    <Stack gap={4}>
      {radius.topics.length === 0 ? (
        <Text size="sm">{impact.nothing}</Text>
      ) : (
        <List size="sm" spacing={2}>
          {lines
            .filter(([, names]) => names.length > 0)
            .map(([text, names]) => (
              <List.Item key={text}>
                {text}
                <Text size="xs" c="dimmed" className="break">
                  {names.join(', ')}
                </Text>
              </List.Item>
            ))}
          <List.Item>{impact.rate(radius.hourly)}</List.Item>
        </List>
      )}
      <Text size="sm">{impact.stored}</Text>
    </Stack>
  );
}
