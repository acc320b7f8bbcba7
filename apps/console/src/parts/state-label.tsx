import { Icon, type IconName } from './icon.js';

const ICONS = {
  good: 'check',
  bad: 'cross',
  warn: 'alert',
  waiting: 'clock',
  quiet: 'minus',
} as const satisfies Record<string, IconName>;

/** A state as a word with a drawing: never by its colour alone. */
export function StateLabel({ tone, children }: { readonly tone: keyof typeof ICONS; readonly children: string }) {
  return (
    <span className={`state state-${tone}`}>
      <Icon name={ICONS[tone]} size={16} />
      {children}
    </span>
  );
}
