/**
 * Whether a client would rather have a page than JSON, as browsers say it in `Accept`. Where it likes both as much, or says
 * nothing, it gets JSON.
 */
export function prefersHtml(accept: string | undefined): boolean {
  return qualityOf('text/html', accept) > qualityOf('application/json', accept);
}

function qualityOf(type: string, accept = ''): number {
  const ranges = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, quality: q === undefined ? 1 : Number(q.slice(2)) || 0 };
  });
  const wanted = [type, `${type.split('/', 1)[0] ?? ''}/*`, '*/*'];
  for (const name of wanted) {
    const found = ranges.find((range) => range.name === name);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
