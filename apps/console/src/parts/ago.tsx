import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { en } from '../messages/en.js';
import { absoluteText, agoText } from './moment.js';

const TICK_MS = 10_000;

/** How long ago something was, to ten seconds; pointed at, the time itself with its zone, and as it goes over the wire. */
export function Ago({ at }: { readonly at: string | null | undefined }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  if (at === null || at === undefined) return <span className="quiet">{en.time.never}</span>;
  const time = new Date(at);
  return (
    <Tooltip label={`${absoluteText(time)} · ${at}`} multiline maw={320}>
      <time dateTime={at} className="nowrap">
        {agoText(time, Math.max(now, time.getTime()), en.time.now)}
      </time>
    </Tooltip>
  );
}
