/** Search parameters as they stand in the address: a repeated one is a list. Names and values are those of the API. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name];
    found[name] = before === undefined ? value : [before, value].flat();
  }
  return found;
}

/** @param search what is undefined or empty is left out */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(search)) {
    for (const value of [values].flat()) {
      if (typeof value === 'string' && value !== '') parameters.append(name, value);
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
