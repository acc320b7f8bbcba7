import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../../api/use-session.js';
import { en } from '../../messages/en.js';
import { Ago } from '../../parts/ago.js';
import { StateLabel } from '../../parts/state-label.js';
import { retryDelivery, type RoutedDelivery, type RoutedTopic } from './event-queries.js';

interface RoutedTopicStepProps {
  readonly topic: RoutedTopic;
  readonly deliveries: readonly RoutedDelivery[];
  readonly destinations: ReadonlyMap<string, string>;
}

/** A topic: whether it takes the event, by which rule or why not, and who was told. */
export function RoutedTopicStep({ topic, deliveries, destinations }: RoutedTopicStepProps) {
  const verdict = topic.reason === null ? en.routing.taken : en.routing.reasons[topic.reason];
  return (
    <li>
      <div className={`route-step ${topic.matches ? 'route-passed' : 'route-stopped'}`}>
        <Group gap="xs">
          <Text fw={600} className="break">
            {topic.name}
          </Text>
          <StateLabel tone={topic.matches ? 'good' : 'bad'}>{verdict}</StateLabel>
        </Group>
        {!topic.matches && (
          <Text size="sm" c="dimmed">
            {topic.explanation}
          </Text>
        )}
        <Stack gap={4} mt={4}>
          {topic.rules.map((rule) => (
            <RuleLine key={rule.id} rule={rule} />
          ))}
        </Stack>
      </div>
      <ol className="route">
        {topic.subscriptions.length === 0 && (
          <li>
            <Text size="sm" c="dimmed">
              {en.routing.noSubscription}
            </Text>
          </li>
        )}
        {topic.subscriptions.map((subscription) => (
          <SubscriptionStep
            key={subscription.id}
            subscription={subscription}
            topicMatches={topic.matches}
            delivery={deliveries.find(({ subscription_id: id }) => id === subscription.id)}
            destination={destinations.get(subscription.destination_id) ?? subscription.destination_id}
          />
        ))}
      </ol>
    </li>
  );
}

/** Both filters of a rule have to match. */
function RuleLine({ rule }: { readonly rule: RoutedTopic['rules'][number] }) {
  if (!rule.enabled) return <StateLabel tone="quiet">{en.routing.ruleOff}</StateLabel>;
  const filters = [
    [en.routing.typeFilter, rule.event_type_filter],
    [en.routing.payloadFilter, rule.notification_filter],
  ] as const;
  return (
    <Group gap="xs">
      {filters.map(([label, { filter, matches }]) => (
        <span key={label} className={`filter-verdict ${matches ? 'filter-passed' : 'filter-failed'}`}>
          <StateLabel tone={matches ? 'good' : 'bad'}>{label}</StateLabel>
          <code className="break">{filter}</code>
        </span>
      ))}
    </Group>
  );
}

interface SubscriptionStepProps {
  readonly subscription: RoutedTopic['subscriptions'][number];
  readonly topicMatches: boolean;
  readonly delivery: RoutedDelivery | undefined;
  readonly destination: string;
}

function SubscriptionStep({ subscription, topicMatches, delivery, destination }: SubscriptionStepProps) {
  const { subscriptionTakes, subscriptionRefuses, subscriptionCut } = en.routing;
  const verdict = !topicMatches ? subscriptionCut : subscription.matches ? subscriptionTakes : subscriptionRefuses;
  return (
    <li>
      <div className={`route-step ${subscription.matches ? 'route-passed' : 'route-stopped'}`}>
        <Group gap="xs">
          <Text fw={600} className="break">
            {subscription.name}
          </Text>
          <Badge variant="default" tt="none" fw={500}>
            {en.routing.to(destination)}
          </Badge>
          <StateLabel tone={subscription.matches ? 'good' : topicMatches ? 'bad' : 'quiet'}>{verdict}</StateLabel>
        </Group>
        {subscription.filter !== null && <code className="break mono">{subscription.filter}</code>}
        {delivery === undefined ? (
          <Text size="sm" c="dimmed">
            {en.routing.notDelivered}
          </Text>
        ) : (
          <DeliveryLine delivery={delivery} />
        )}
      </div>
    </li>
  );
}

const TONES = { waiting: 'waiting', delivered: 'good', failed: 'bad', cancelled: 'quiet' } as const;

function DeliveryLine({ delivery }: { readonly delivery: RoutedDelivery }) {
  const mayRetry = useMay('notifications:admin') && ['failed', 'cancelled'].includes(delivery.state);
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => retryDelivery(delivery.id),
    onSuccess: () => notifications.show({ message: en.routing.retried }),
    onError: (problem) => notifications.show({ title: en.problem.title, message: problem.message, color: 'red' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['event-routing'] }),
  });
  return (
    <Group gap="sm" mt={4}>
      <StateLabel tone={TONES[delivery.state]}>{en.routing.deliveries[delivery.state]}</StateLabel>
      <Text size="sm" c="dimmed">
        {en.routing.attempts(delivery.attempts)}
      </Text>
      <Text size="sm" c="dimmed" component="span">
        <Ago at={delivery.created_at} />
      </Text>
      {mayRetry && (
        <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          {en.routing.retry}
        </Button>
      )}
    </Group>
  );
}
