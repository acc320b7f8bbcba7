import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ApiProblem } from '../api/problem.js';
import { en } from '../messages/en.js';
import { Icon } from './icon.js';

interface ProblemViewProps {
  readonly problem: unknown;
  readonly title?: string;
  /** Undefined: there is nothing to try again. */
  readonly onRetry?: (() => void) | undefined;
}

/** What went wrong, in the server's words: the message, the fields, when to try again, and what its log knows it by. */
export function ProblemView({ problem, title = en.problem.title, onRetry }: ProblemViewProps) {
  const told = problem instanceof ApiProblem ? problem : undefined;
  const message = problem instanceof Error ? problem.message : String(problem);
  return (
    <Alert role="alert" color="red" variant="light" title={title} icon={<Icon name="alert" />}>
      <Text size="sm">{told?.status === 0 ? en.problem.unreachable : message}</Text>
      {told !== undefined && told.fields.length > 1 && (
        <List size="sm">
          {told.fields.map(({ field, problem: wrong }) => (
            <List.Item key={`${field} ${wrong}`}>
              <code>{field}</code> {wrong}
            </List.Item>
          ))}
        </List>
      )}
      {told?.trace !== undefined && (
        <Text size="xs" mt="xs">
          {en.problem.trace} <code className="break">{told.trace}</code>
        </Text>
      )}
      {onRetry !== undefined && (
        <Group mt="sm">
          <RetryButton key={told?.retryAfter} seconds={told?.retryAfter ?? 0} onRetry={onRetry} />
        </Group>
      )}
    </Alert>
  );
}

function RetryButton({ seconds, onRetry }: { readonly seconds: number; readonly onRetry: () => void }) {
  const [left, setLeft] = useState(Math.ceil(seconds));
  useEffect(() => {
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Button size="xs" variant="default" disabled={left > 0} onClick={onRetry}>
      {left > 0 ? en.problem.retryIn(left) : en.problem.retry}
    </Button>
  );
}
