import { Anchor, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { stringify } from 'lossless-json';
import { INSTANCE } from '../../api/instance.js';
import { useMay } from '../../api/use-session.js';
import { en } from '../../messages/en.js';
import { CopyButton } from '../../parts/copy-button.js';
import { absoluteText } from '../../parts/moment.js';
import { NothingHere } from '../../parts/nothing-here.js';
import { OutcomeLabel } from '../../parts/outcome-label.js';
import { ProblemView } from '../../parts/problem-view.js';
import { curlOf, Screen } from '../../parts/screen.js';
import { EventTable } from '../events/event-table.js';
import { eventQuery, relatedQuery, type WholeEvent } from './event-queries.js';
import { readEventTab } from './event-tabs.js';
import { PayloadTable } from './payload-table.js';
import { RoutingView } from './routing-view.js';

const MOST_TITLE = 200;

/** One event: what it says, and what became of it. */
export function EventScreen() {
  const { id } = useParams({ from: '/events/$id' });
  const event = useQuery(eventQuery(id));
  const { message, event_type: name } = event.data ?? {};
  const title = message === undefined || message === '' ? (name ?? en.event.loading) : message;
  return (
    <Stack gap="xs">
      <Anchor size="sm" renderRoot={(props) => <Link to="/events" {...props} />}>
        {en.event.back}
      </Anchor>
      <Screen
        title={title.slice(0, MOST_TITLE)}
        asCurl={curlOf(`/event-notifications/v1/instances/${INSTANCE}/events/${id}/routing`)}
        asCli={`npx tidings events show ${id}`}
      >
        {event.isPending && <Skeleton height={160} />}
        {event.isError && <ProblemView problem={event.error} onRetry={() => void event.refetch()} />}
        {event.data !== undefined && (
          <>
            <Facts event={event.data} />
            <EventTabs id={id} event={event.data} />
          </>
        )}
      </Screen>
    </Stack>
  );
}

function Facts({ event }: { readonly event: WholeEvent }) {
  const { facts } = en.event;
  return (
    <dl className="facts">
      <dt>{facts.type}</dt>
      <dd className="break">{event.type}</dd>
      <dt>{facts.outcome}</dt>
      <dd>
        <OutcomeLabel outcome={event.outcome} />
      </dd>
      <dt>{facts.time}</dt>
      <dd>
        <time dateTime={event.created}>{absoluteText(new Date(event.created))}</time>
      </dd>
      <dt>{facts.source}</dt>
      <dd className="break">{event.source}</dd>
      {event.subject !== null && (
        <>
          <dt>{facts.subject}</dt>
          <dd>
            <bdi className="break">{event.subject.slice(0, MOST_TITLE)}</bdi>
          </dd>
        </>
      )}
      <dt>{facts.uuid}</dt>
      <dd>
        <Group gap={4} wrap="nowrap">
          <span className="mono break">{event.uuid}</span>
          <CopyButton text={event.uuid} label={en.copy.value(en.event.copyUuid)} />
        </Group>
      </dd>
    </dl>
  );
}

function EventTabs({ id, event }: { readonly id: string; readonly event: WholeEvent }) {
  const { tab } = useSearch({ from: '/events/$id' });
  const navigate = useNavigate({ from: '/events/$id' });
  const mayRoute = useMay('notifications:read');
  const { tabs } = en.event;
  const shown = tab === undefined || (tab === 'routing' && !mayRoute) ? (mayRoute ? 'routing' : 'payload') : tab;
  return (
    <Tabs
      value={shown}
      onChange={(value) => void navigate({ search: readEventTab({ tab: value }), replace: true })}
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {mayRoute && <Tabs.Tab value="routing">{tabs.routing}</Tabs.Tab>}
        <Tabs.Tab value="payload">{tabs.payload}</Tabs.Tab>
        <Tabs.Tab value="raw">{tabs.raw}</Tabs.Tab>
        <Tabs.Tab value="related">{tabs.related}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="routing">
        <RoutingView id={id} />
      </Tabs.Panel>
      <Tabs.Panel value="payload">
        <PayloadTable data={event.cloudevent['data']} />
      </Tabs.Panel>
      <Tabs.Panel value="raw">
        <RawEvent event={event} />
      </Tabs.Panel>
      <Tabs.Panel value="related">
        <RelatedEvents id={id} />
      </Tabs.Panel>
    </Tabs>
  );
}

function RawEvent({ event }: { readonly event: WholeEvent }) {
  const text = stringify(event.cloudevent, undefined, 2) ?? '';
  return (
    <div className="command">
      <code tabIndex={0}>{text}</code>
      <CopyButton text={text} label={en.copy.value(en.event.copyRaw)} />
    </div>
  );
}

function RelatedEvents({ id }: { readonly id: string }) {
  const related = useQuery(relatedQuery(id));
  if (related.isError) return <ProblemView problem={related.error} onRetry={() => void related.refetch()} />;
  if (related.data === undefined) return <Skeleton height={120} />;
  if (related.data.length === 0) return <NothingHere title={en.event.noRelated} text="" />;
  return (
    <Text component="div" size="sm">
      <EventTable events={related.data} />
    </Text>
  );
}
