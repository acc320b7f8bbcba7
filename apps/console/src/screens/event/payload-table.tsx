import { Group, Stack, Table, Text } from '@mantine/core';
import { en } from '../../messages/en.js';
import { CopyButton } from '../../parts/copy-button.js';
import { NothingHere } from '../../parts/nothing-here.js';
import { MOST_LEAVES, payloadLeaves } from './payload-leaves.js';

const MOST_SHOWN = 2_000;

/** Each value with its path, which a rule can be made of. */
export function PayloadTable({ data }: { readonly data: unknown }) {
  const leaves = payloadLeaves(data);
  if (data === undefined) return <NothingHere title={en.event.noPayload} text="" />;
  return (
    <Stack gap="xs">
      <Table verticalSpacing={4} className="payload-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{en.event.path}</Table.Th>
            <Table.Th scope="col">{en.event.value}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {leaves.slice(0, MOST_LEAVES).map(({ path, value, literal }) => (
            <Table.Tr key={path}>
              <Table.Td>
                <Group gap={4} wrap="nowrap">
                  <span className="mono break">{path}</span>
                  {literal !== undefined && (
                    <CopyButton text={`${path} == ${literal}`} label={en.event.copyRule(path)} />
                  )}
                </Group>
              </Table.Td>
              <Table.Td>
                <bdi className="mono break">{value.slice(0, MOST_SHOWN)}</bdi>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {leaves.length > MOST_LEAVES && (
        <Text size="sm" c="dimmed">
          {en.event.tooMany(MOST_LEAVES)}
        </Text>
      )}
    </Stack>
  );
}
