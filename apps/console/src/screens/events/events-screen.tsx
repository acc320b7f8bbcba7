import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { en } from '../../messages/en.js';
import { NothingHere } from '../../parts/nothing-here.js';
import { ProblemView } from '../../parts/problem-view.js';
import { curlOf, Screen } from '../../parts/screen.js';
import { EventHistogram } from './event-histogram.js';
import { countQuery, eventsQuery } from './event-queries.js';
import { type EventSearch, parametersOf, queryText, readEventSearch, withFilter } from './event-search.js';
import { EventTable } from './event-table.js';
import { FilterBar } from './filter-bar.js';

/** What came, under filters that stand in the address. */
export function EventsScreen() {
  const search = useSearch({ from: '/events' });
  const navigate = useNavigate({ from: '/events' });
  const choose = (next: EventSearch): void => void navigate({ search: readEventSearch(next) });
  return (
    <Screen title={en.events.title} lead={en.events.lead} asCurl={curlFor(search)} asCli={cliFor(search)}>
      <FilterBar search={search} onChange={choose} />
      <EventHistogram search={search} onZoom={(from, to) => choose({ ...search, from, to })} />
      <EventList search={search} onChange={choose} />
    </Screen>
  );
}

interface EventListProps {
  readonly search: EventSearch;
  readonly onChange: (search: EventSearch) => void;
}

function EventList({ search, onChange }: EventListProps) {
  const events = useInfiniteQuery(eventsQuery(search));
  const [first] = events.data?.pages ?? [];
  const rows = events.data?.pages.flatMap(({ entries }) => entries) ?? [];
  if (events.isError) return <ProblemView problem={events.error} onRetry={() => void events.refetch()} />;
  if (first === undefined) return <Waiting />;
  if (rows.length === 0) {
    return (
      <NothingHere title={en.events.empty} text={en.events.emptyText}>
        <Button variant="default" onClick={() => onChange({})}>
          {en.events.clear}
        </Button>
      </NothingHere>
    );
  }
  return (
    <Stack gap="xs" className={events.isPlaceholderData ? 'stale' : ''}>
      <Group gap="md" mih={30}>
        <Text size="sm" c="dimmed" aria-live="polite">
          {first.total !== undefined && en.events.count(first.total, first.isExact)}
        </Text>
        {first.total !== undefined && (
          <FreshEvents search={search} shown={first.total} onShow={() => void events.refetch()} />
        )}
      </Group>
      <EventTable events={rows} onFilter={(chip) => onChange(withFilter(search, chip))} />
      {events.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={events.isFetchingNextPage}
            onClick={() => void events.fetchNextPage({ cancelRefetch: false })}
          >
            {en.events.more}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface FreshEventsProps {
  readonly search: EventSearch;
  /** How many there were when the list was asked for. */
  readonly shown: number;
  readonly onShow: () => void;
}

/** What has come since; it is shown when it is wanted, for it would shift what is being read. */
function FreshEvents({ search, shown, onShow }: FreshEventsProps) {
  const { data: count = 0 } = useQuery(countQuery(search));
  if (count <= shown) return null;
  return (
    <Button size="compact-sm" variant="default" onClick={onShow}>
      {en.events.fresh(count - shown)}
    </Button>
  );
}

function Waiting() {
  return (
    <Stack gap="xs" role="status" aria-label={en.loading}>
      {Array.from({ length: 10 }, (_, index) => (
        <Skeleton key={index} height={34} />
      ))}
    </Stack>
  );
}

function curlFor(search: EventSearch): string {
  const query = queryText(parametersOf(search, Date.now()));
  return curlOf(`/api/events/${query === '' ? '' : `?${query}`}`);
}

/** The command line has options for the usual filters; for all others there is curl. */
function cliFor(search: EventSearch): string {
  const { from, q, system, outcome, type } = search;
  const since = typeof from === 'string' ? from.replace(/^now-/, '') : undefined;
  const options = { system, type, outcome, search: q, since };
  const words = Object.entries(options).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => `--${name} '${value.replaceAll("'", `'\\''`)}'`),
  );
  return ['npx tidings events', ...words].join(' ');
}
