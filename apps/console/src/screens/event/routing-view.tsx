import { Alert, Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { en } from '../../messages/en.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Icon } from '../../parts/icon.js';
import { ProblemView } from '../../parts/problem-view.js';
import { StateLabel } from '../../parts/state-label.js';
import { subscriptionsQuery } from '../sources/source-queries.js';
import { type Routing, routingQuery } from './event-queries.js';
import { RoutedTopicStep } from './routed-topic-step.js';
import { routingText } from './routing-text.js';

/**
 * Where the event went, and where it stopped and why: source, topics, subscriptions, deliveries, joined by lines. It is a
 * list of lists, which a screen reader reads in the same order.
 */
export function RoutingView({ id }: { readonly id: string }) {
  const routing = useQuery(routingQuery(id));
  const subscriptions = useQuery(subscriptionsQuery);
  if (routing.data === undefined) {
    if (routing.isError) return <ProblemView problem={routing.error} onRetry={() => void routing.refetch()} />;
    return <Skeleton height={200} />;
  }
  const names = new Map(subscriptions.data?.map((one) => [one.destination_id, one.destination_name]));
  return <RoutingPicture routing={routing.data} destinations={names} />;
}

interface RoutingPictureProps {
  readonly routing: Routing;
  /** Names by id. */
  readonly destinations: ReadonlyMap<string, string>;
}

function RoutingPicture({ routing, destinations }: RoutingPictureProps) {
  const { topics, deliveries, configuration_version: version } = routing;
  const decided = deliveries.map((delivery) => delivery.configuration_version);
  const before = decided.length > 0 ? Math.min(...decided) : version;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {en.routing.lead(version)}
        </Text>
        <CopyButton text={routingText(routing)} label={en.copy.value(en.routing.copy)} />
      </Group>
      {before < version && (
        <Alert color="yellow" variant="light" icon={<Icon name="clock" />}>
          {en.routing.decidedBefore(before, version)}
        </Alert>
      )}
      <ol className="route">
        <li>
          <SourceStep source={routing.source}>
            {topics.length === 0 ? (
              <Text size="sm" c="dimmed">
                {en.routing.noTopics} {en.routing.noTopicsText}
              </Text>
            ) : (
              <ol className="route">
                {topics.map((topic) => (
                  <RoutedTopicStep
                    key={topic.id}
                    topic={topic}
                    deliveries={deliveries.filter(({ topic_id: topicId }) => topicId === topic.id)}
                    destinations={destinations}
                  />
                ))}
              </ol>
            )}
          </SourceStep>
        </li>
      </ol>
    </Stack>
  );
}

function SourceStep({ source, children }: { readonly source: Routing['source']; readonly children: ReactNode }) {
  if (source === null) {
    return (
      <>
        <div className="route-step route-stopped">
          <StateLabel tone="bad">{en.routing.noSource}</StateLabel>
          <Text size="sm">{en.routing.noSourceText}</Text>
        </div>
        {children}
      </>
    );
  }
  return (
    <>
      <div className={`route-step ${source.enabled ? 'route-passed' : 'route-stopped'}`}>
        <Text size="xs" c="dimmed">
          {en.routing.source}
        </Text>
        <Group gap="xs">
          <Text fw={600}>{source.name}</Text>
          <StateLabel tone={source.enabled ? 'good' : 'bad'}>
            {source.enabled ? en.routing.on : en.routing.off}
          </StateLabel>
          {!source.enabled && (
            <Anchor size="sm" renderRoot={(props) => <Link to="/sources" {...props} />}>
              {en.routing.switchOn}
            </Anchor>
          )}
        </Group>
      </div>
      {children}
    </>
  );
}
