import { Button, Group, SegmentedControl, Skeleton, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { INSTANCE } from '../../api/instance.js';
import { useMay } from '../../api/use-session.js';
import { en } from '../../messages/en.js';
import { Icon } from '../../parts/icon.js';
import { NothingHere } from '../../parts/nothing-here.js';
import { ProblemView } from '../../parts/problem-view.js';
import { curlOf, Screen } from '../../parts/screen.js';
import { lastSwitchesQuery, type ListedSource, metricsQuery, sourcesQuery, topicsQuery } from './source-queries.js';
import { SOURCE_FILTERS } from './source-filter.js';
import { passes, sourceRows } from './source-row.js';
import { readSourceSearch, type SourceSearch } from './source-search.js';
import { SourceTable } from './source-table.js';

/** Whose events may be sent on. */
export function SourcesScreen() {
  const sources = useQuery(sourcesQuery);
  return (
    <Screen
      title={en.sources.title}
      lead={en.sources.lead}
      asCurl={curlOf(`/event-notifications/v1/instances/${INSTANCE}/sources`)}
      asCli="npx tidings sources"
    >
      {sources.isPending && <Waiting />}
      {sources.isError && sources.data === undefined && (
        <ProblemView problem={sources.error} onRetry={() => void sources.refetch()} />
      )}
      {sources.data !== undefined && <FilteredSources sources={sources.data} now={sources.dataUpdatedAt} />}
    </Screen>
  );
}

interface FilteredSourcesProps {
  readonly sources: readonly ListedSource[];
  /** When they were asked for, milliseconds. */
  readonly now: number;
}

function FilteredSources({ sources, now }: FilteredSourcesProps) {
  const topics = useQuery(topicsQuery);
  const metrics = useQuery(metricsQuery);
  const switches = useQuery({ ...lastSwitchesQuery, enabled: useMay('admin') });
  // In the address, so that it can be shown to somebody else.
  const { show = 'all', q: search = '' } = useSearch({ from: '/sources' });
  const choose = useChoice();
  const rows = sourceRows(sources, topics.data ?? [], metrics.data, switches.data);
  const shown = rows.filter((row) => passes(row, show, search, now));
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <TextInput
          aria-label={en.sources.search}
          placeholder={en.sources.search}
          leftSection={<Icon name="search" size={16} />}
          value={search}
          onChange={(event) => choose({ q: event.currentTarget.value })}
        />
        <SegmentedControl
          className="scrolls-sideways"
          aria-label={en.sources.filters.label}
          value={show}
          onChange={(value) => choose({ show: SOURCE_FILTERS.find((filter) => filter === value) ?? 'all' })}
          data={SOURCE_FILTERS.map((value) => ({ value, label: en.sources.filters[value] }))}
        />
      </Group>
      {metrics.isError && metrics.data === undefined && (
        <ProblemView problem={metrics.error} onRetry={() => void metrics.refetch()} />
      )}
      {shown.length > 0 ? (
        <SourceTable rows={shown} now={now} />
      ) : (
        <NothingHere title={en.sources.empty} text={en.sources.emptyText}>
          <Button variant="default" onClick={() => choose({ q: '', show: 'all' })}>
            {en.sources.clear}
          </Button>
        </NothingHere>
      )}
    </Stack>
  );
}

function useChoice(): (choice: SourceSearch) => void {
  const navigate = useNavigate({ from: '/sources' });
  return (choice) => {
    void navigate({ search: (before) => readSourceSearch({ ...before, ...choice }), replace: true });
  };
}

function Waiting() {
  return (
    <Stack gap="sm" role="status" aria-label={en.loading}>
      {Array.from({ length: 6 }, (_, index) => (
        <Skeleton key={index} height={44} />
      ))}
    </Stack>
  );
}
