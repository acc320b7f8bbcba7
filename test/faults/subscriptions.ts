/** The API of a running Tidings, with the administrator's token. */
export interface AdminApi {
  readonly url: string;
  readonly token: string;
}

/** What is subscribed, and to where. */
export interface Subscribed {
  /** Whose events. */
  readonly system: string;
  /** What the rule on the events' payloads says; every event unless given. */
  readonly filter?: string;
  /** URLs of webhooks by their names. */
  readonly receivers: Readonly<Record<string, string>>;
}

/** Subscribes receivers to a system's events, each with a destination of its own. @returns the destinations' ids by name */
export async function subscribe(
  { url, token }: AdminApi,
  { system, filter, receivers }: Subscribed,
): Promise<ReadonlyMap<string, string>> {
  const ask = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}/event-notifications/v1/instances/default${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const { sources } = await ask('GET', `/sources?search=${system}`);
  const [source] = sources as { id: string }[];
  if (source === undefined) throw new Error(`${system} has no source`);
  await ask('PATCH', `/sources/${encodeURIComponent(source.id)}`, { enabled: true });
  const rules = filter === undefined ? [] : [{ notification_filter: filter }];
  const topic = await ask('POST', '/topics', { name: 'all', sources: [{ id: source.id, rules }] });
  const destinations = new Map<string, string>();
  for (const [name, receiver] of Object.entries(receivers)) {
    const config = { params: { url: receiver, verb: 'post' } };
    const { id } = await ask('POST', '/destinations', { name, type: 'webhook', config });
    destinations.set(name, String(id));
    const ids = { topic_id: topic['id'], destination_id: id };
    await ask('POST', '/subscriptions', { name: `all to ${name}`, ...ids, attributes: { signing_enabled: false } });
  }
  return destinations;
}
