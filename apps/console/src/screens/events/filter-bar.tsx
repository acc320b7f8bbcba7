import { Group, NativeSelect, Pill, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { answerOf, api } from '../../api/client.js';
import { en } from '../../messages/en.js';
import { Icon } from '../../parts/icon.js';
import { OUTCOMES } from '../../parts/outcome-label.js';
import { chipsOf, type EventSearch, withoutFilter } from './event-search.js';

interface FilterBarProps {
  readonly search: EventSearch;
  readonly onChange: (search: EventSearch) => void;
}

/** The usual conditions as fields, and all others as chips that can be taken away. */
export function FilterBar({ search, onChange }: FilterBarProps) {
  const systems = useSystems();
  return (
    <Group gap="sm">
      <TextField key={textOf(search['q'])} search={search} onChange={onChange} />
      <NativeSelect
        aria-label={en.events.system}
        value={textOf(search['system'])}
        onChange={({ currentTarget }) => onChange({ ...search, system: currentTarget.value })}
        data={[{ value: '', label: en.events.allSystems }, ...withOwn(systems, textOf(search['system']))]}
      />
      <NativeSelect
        aria-label={en.events.outcome}
        value={textOf(search['outcome'])}
        onChange={({ currentTarget }) => onChange({ ...search, outcome: currentTarget.value })}
        data={[
          { value: '', label: en.events.allOutcomes },
          ...OUTCOMES.map((value) => ({ value, label: en.outcomes[value] })),
        ]}
      />
      <RangeField search={search} onChange={onChange} />
      <Chips search={search} onChange={onChange} />
    </Group>
  );
}

/** Is looked for when it is whole: each look at the text of all events costs something. */
function TextField({ search, onChange }: FilterBarProps) {
  const [text, setText] = useState(textOf(search['q']));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (text !== textOf(search['q'])) onChange({ ...search, q: text });
  };
  return (
    <form role="search" onSubmit={submit}>
      <TextInput
        type="search"
        aria-label={en.events.search}
        placeholder={en.events.search}
        leftSection={<Icon name="search" size={16} />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={submit}
        miw={240}
      />
    </form>
  );
}

function RangeField({ search, onChange }: FilterBarProps) {
  const from = textOf(search['from']);
  const isPreset = Object.hasOwn(en.events.ranges, from) && search['to'] === undefined;
  const value = isPreset ? from : 'own';
  const presets = Object.entries(en.events.ranges).map(([preset, label]) => ({ value: preset, label }));
  return (
    <NativeSelect
      aria-label={en.events.range}
      value={value}
      onChange={({ currentTarget }) => onChange({ ...search, from: currentTarget.value, to: '' })}
      data={isPreset ? presets : [...presets, { value: 'own', label: en.events.ownRange }]}
    />
  );
}

function Chips({ search, onChange }: FilterBarProps) {
  return chipsOf(search).map((chip) => (
    <Pill
      key={`${chip.name}=${chip.value}`}
      size="lg"
      withRemoveButton
      removeButtonProps={{
        'aria-label': en.events.removeFilter(chip.name, chip.value),
        'aria-hidden': false,
        tabIndex: 0,
      }}
      onRemove={() => onChange(withoutFilter(search, chip))}
    >
      {`${chip.name}: ${chip.value}`}
    </Pill>
  ));
}

/** The systems of the catalogue, by their names. */
function useSystems(): readonly string[] {
  const catalogue = useQuery({
    queryKey: ['systems'],
    queryFn: async ({ signal }) => answerOf(api.GET('/api/catalogue/', { signal })),
    staleTime: Infinity,
    select: (types) => [...new Set(types.map(({ system }) => system))].sort(),
  });
  return catalogue.data ?? [];
}

/** What the address names is there in any case. */
function withOwn(values: readonly string[], own: string): string[] {
  return own === '' || values.includes(own) ? [...values] : [...values, own];
}

function textOf(value: EventSearch[string]): string {
  return typeof value === 'string' ? value : '';
}
