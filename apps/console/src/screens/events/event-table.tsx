import { ActionIcon, Table, Text, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { en } from '../../messages/en.js';
import { Icon } from '../../parts/icon.js';
import { shortText } from '../../parts/moment.js';
import { OutcomeLabel } from '../../parts/outcome-label.js';
import type { ListedEvent } from './event-queries.js';
import type { FilterChip } from './event-search.js';

interface EventTableProps {
  readonly events: readonly ListedEvent[];
  /** Undefined: it cannot be narrowed here. */
  readonly onFilter?: (chip: FilterChip) => void;
}

const { columns } = en.events;
/** A message may be a megabyte long; what a row has room for is enough here. */
const MOST_SHOWN = 300;

/** A row an event; on a narrow screen a card. */
export function EventTable({ events, onFilter }: EventTableProps) {
  return (
    <Table className="cards-table event-table" highlightOnHover verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          {Object.entries(columns).map(([name, title]) => (
            <Table.Th key={name} scope="col" className={`column-${name}`}>
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events.map((event) => (
          <EventLine key={event.uuid} event={event} {...(onFilter && { onFilter })} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function EventLine({ event, onFilter }: { readonly event: ListedEvent } & Pick<EventTableProps, 'onFilter'>) {
  const { uuid = '', created = '', type = '', event_type: name = '', system = '', site, subject, message = '' } = event;
  return (
    <Table.Tr>
      <Table.Td data-label={columns.time} className="card-head nowrap">
        <Link to="/events/$id" params={{ id: uuid }} className="row-link">
          <time dateTime={created} title={created}>
            {shortText(new Date(created))}
          </time>
        </Link>
      </Table.Td>
      <Table.Td data-label={columns.origin} className="nowrap">
        <Filterable name="system" value={system} onFilter={onFilter}>
          {`${system}/${site ?? ''}`}
        </Filterable>
      </Table.Td>
      <Table.Td data-label={columns.type}>
        <Filterable name="type" value={type} onFilter={onFilter}>
          <Tooltip label={type}>
            <span className="break">{name}</span>
          </Tooltip>
        </Filterable>
        {event.conforming === false && (
          <Text span c="var(--tidings-warn)" size="xs" display="block">
            {en.events.nonconforming}
          </Text>
        )}
      </Table.Td>
      <Table.Td data-label={columns.subject}>
        {typeof subject === 'string' && (
          <Filterable name="subject" value={subject} onFilter={onFilter}>
            <bdi className="clamped break">{subject.slice(0, MOST_SHOWN)}</bdi>
          </Filterable>
        )}
      </Table.Td>
      <Table.Td data-label={columns.outcome}>
        <OutcomeLabel outcome={event.outcome} />
      </Table.Td>
      <Table.Td data-label={columns.message}>
        <bdi className="clamped break">{message.slice(0, MOST_SHOWN)}</bdi>
      </Table.Td>
    </Table.Tr>
  );
}

interface FilterableProps extends FilterChip {
  readonly onFilter: EventTableProps['onFilter'];
  readonly children: ReactNode;
}

function Filterable({ name, value, onFilter, children }: FilterableProps) {
  const label = en.events.filterFor(name, value.slice(0, MOST_SHOWN));
  return (
    <span className="filterable">
      {children}
      {onFilter !== undefined && value !== '' && (
        <Tooltip label={label} multiline maw={320}>
          <ActionIcon
            className="filter-button"
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={label}
            onClick={() => onFilter({ name, value })}
          >
            <Icon name="filter" size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  );
}
