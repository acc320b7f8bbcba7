import type { HourBar } from './source-row.js';

const WIDTH = 144;
const HEIGHT = 32;
const STEP = WIDTH / 24;

/** What came hour by hour; in grey what was not sent on. @param label the same in words */
export function Sparkline({ bars, label }: { readonly bars: readonly HourBar[]; readonly label: string }) {
  const most = Math.max(1, ...bars.map(({ received }) => received));
  const height = (count: number): number => (count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 3)));
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <title>{label}</title>
      <line className="axis" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {bars.map(({ received, suppressed }, index) => {
        const x = index * STEP + 0.75;
        const whole = height(received);
        const grey = received === 0 ? 0 : (suppressed / received) * whole;
        return (
          <g key={index}>
            {received > suppressed && (
              <rect className="bar" x={x} width={STEP - 1.5} y={HEIGHT - 1 - whole} height={whole - grey} />
            )}
            {grey > 0 && (
              <rect className="bar-suppressed" x={x} width={STEP - 1.5} y={HEIGHT - 1 - grey} height={grey} />
            )}
          </g>
        );
      })}
    </svg>
  );
}
