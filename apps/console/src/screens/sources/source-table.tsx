import { Badge, Group, Skeleton, Stack, Table, Text, Tooltip } from '@mantine/core';
import { SERVER } from '../../api/client.js';
import { useMay } from '../../api/use-session.js';
import { en } from '../../messages/en.js';
import { Ago } from '../../parts/ago.js';
import { CopyButton } from '../../parts/copy-button.js';
import { StateLabel } from '../../parts/state-label.js';
import { hourBars, type SourceRow } from './source-row.js';
import { SourceSwitch } from './source-switch.js';
import { Sparkline } from './sparkline.js';

interface SourceTableProps {
  readonly rows: readonly SourceRow[];
  /** Milliseconds. */
  readonly now: number;
}

const { columns } = en.sources;

/** A row a source; on a narrow screen a card. */
export function SourceTable({ rows, now }: SourceTableProps) {
  return (
    <Table className="cards-table" highlightOnHover verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          {Object.values(columns).map((title) => (
            <Table.Th key={title} scope="col">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <SourceLine key={row.source.id} row={row} now={now} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function SourceLine({ row, now }: { readonly row: SourceRow; readonly now: number }) {
  const { source, system, metrics, lastSwitch } = row;
  return (
    <Table.Tr data-source={system ?? source.id}>
      <Table.Td data-label={columns.enabled}>
        <SourceState row={row} />
      </Table.Td>
      <Table.Td data-label={columns.source} className="card-head">
        <Group gap="xs" wrap="nowrap">
          <Tooltip label={source.description} disabled={source.description === ''} multiline maw={320}>
            <Text span fw={600} className="break">
              {source.name}
            </Text>
          </Tooltip>
          <Badge variant="default" size="sm" tt="none" fw={500}>
            {system ?? source.type}
          </Badge>
        </Group>
      </Table.Td>
      <Table.Td data-label={columns.topics}>
        <Topics row={row} />
      </Table.Td>
      <Table.Td data-label={columns.traffic}>
        <Traffic row={row} now={now} />
      </Table.Td>
      <Table.Td data-label={columns.rate}>{thisHour(row, now)}</Table.Td>
      <Table.Td data-label={columns.matched}>
        {metrics === undefined ? '–' : en.sources.share(metrics.matched, metrics.received - metrics.suppressed)}
      </Table.Td>
      <Table.Td data-label={columns.lastEvent}>{metrics !== undefined && <Ago at={metrics.last_event_at} />}</Table.Td>
      <Table.Td data-label={columns.changed}>
        <Stack gap={0} align="flex-start">
          <Ago at={lastSwitch?.at ?? source.updated_at} />
          {lastSwitch !== undefined && (
            <Text size="xs" c="dimmed">
              {lastSwitch.enabled ? en.sources.enabledBy(lastSwitch.by) : en.sources.disabledBy(lastSwitch.by)}
            </Text>
          )}
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}

/** A switch for who may use it; for all others what it says. */
function SourceState({ row }: { readonly row: SourceRow }) {
  const { enabled } = row.source;
  if (useMay('notifications:admin')) return <SourceSwitch row={row} />;
  return <StateLabel tone={enabled ? 'good' : 'quiet'}>{enabled ? en.sources.on : en.sources.off}</StateLabel>;
}

function Topics({ row: { source, topics } }: { readonly row: SourceRow }) {
  if (source.topic_count === 0) return <span className="quiet">{en.sources.noTopic}</span>;
  return (
    <Tooltip label={topics.join(', ')} disabled={topics.length === 0} multiline maw={320}>
      <span className="nowrap" tabIndex={0}>
        {en.sources.topics(source.topic_count)}
      </span>
    </Tooltip>
  );
}

function Traffic({ row: { metrics, system }, now }: { readonly row: SourceRow; readonly now: number }) {
  if (metrics === undefined) return <Skeleton height={32} width={144} />;
  if (metrics.last_event_at === null && system !== undefined) return <FirstEvents system={system} />;
  const { received, suppressed } = metrics;
  return (
    <Group gap="xs" wrap="nowrap">
      <Sparkline bars={hourBars(metrics, now)} label={en.sources.traffic(received, suppressed)} />
      <Stack gap={0}>
        <Text size="sm">{en.sources.received(received)}</Text>
        {suppressed > 0 && (
          <Text size="xs" c="dimmed" className="nowrap">
            {en.sources.suppressed(suppressed)}
          </Text>
        )}
      </Stack>
    </Group>
  );
}

/** What the systems really send lies in the checkout. */
const SAMPLES: Readonly<Record<string, string>> = {
  cds: 'cds-webhook.ndjson',
  ibm: 'ibm-cloudevents.ndjson',
  lxd: 'lxd-events.ndjson',
  waldur: 'waldur-webhook.ndjson',
};

/** How to make a system's first events come. */
function FirstEvents({ system }: { readonly system: string }) {
  const sample = SAMPLES[system];
  const command = [
    `curl -sS -H "Authorization: Bearer $TIDINGS_TOKEN" -H 'Content-Type: application/x-ndjson'`,
    `--data-binary @test/samples/${sample ?? ''} ${SERVER}/v1/ingest/${system}`,
  ].join(' ');
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="sm" c="dimmed">
        {en.sources.noEvent}
      </Text>
      {sample !== undefined && <CopyButton text={command} label={en.sources.copySample(system)} />}
    </Group>
  );
}

function thisHour({ metrics }: SourceRow, now: number): string {
  const present = hourBars(metrics, now).at(-1);
  return metrics === undefined || present === undefined ? '–' : en.sources.perHour(present.received);
}
