import { get } from 'node:http';

/** Opens so many streams and notes which events came when; answers `collect` with all that came. */
interface LiveOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** What an event's id begins with; its number follows. */
  readonly mark: string;
}

/** For each stream the numbers of the events that came, and when, milliseconds of the machine's clock. */
export interface LiveReceipt {
  readonly numbers: readonly (readonly number[])[];
  readonly times: readonly (readonly number[])[];
  readonly ended: readonly string[];
}

const receipt = { numbers: new Array<number[]>(), times: new Array<number[]>(), ended: new Array<string>() };
const OPENING = 50;

process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: LiveOrder | 'collect') => {
  if (message === 'collect') process.send?.(receipt);
  else void openAll(message).then((opened) => process.send?.(opened));
});

async function openAll(order: LiveOrder): Promise<number> {
  let opened = 0;
  const left = order.paths.map((path, index) => ({ path, index }));
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await open(order, next.path, next.index).then(
        () => (opened += 1),
        (error: unknown) => receipt.ended.push(String(error)),
      );
    }
  };
  await Promise.all(Array.from({ length: OPENING }, lane));
  return opened;
}

function open({ url, headers, mark }: LiveOrder, path: string, index: number): Promise<void> {
  const numbers: number[] = (receipt.numbers[index] = []);
  const times: number[] = (receipt.times[index] = []);
  const id = new RegExp(`"id":"${mark}(\\d+)"`);
  return new Promise((resolve, reject) => {
    get(new URL(path, url), { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        return reject(new Error(`a stream was answered with ${response.statusCode}`));
      }
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const at = performance.timeOrigin + performance.now();
        const frames = (rest + chunk).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) {
          const number = id.exec(frame)?.[1];
          if (number === undefined) continue;
          numbers.push(Number(number));
          times.push(at);
        }
      });
      response.on('close', () => receipt.ended.push('a stream was ended'));
      resolve();
    }).on('error', reject);
  });
}
