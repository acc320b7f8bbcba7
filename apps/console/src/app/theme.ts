import { createTheme, type CSSVariablesResolver, Modal, Notification } from '@mantine/core';
import { en } from '../messages/en.js';

/** One accent, the system's own fonts, and text that is dark enough: 4.5 : 1 at the least, on every surface. */
export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 9 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '600' },
  components: {
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': en.close } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': en.close } } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--tidings-good': '#23692f',
    '--tidings-bad': '#c92a2a',
    '--tidings-warn': '#a14a00',
    '--tidings-quiet': '#6b7480',
    '--tidings-surface': 'var(--mantine-color-gray-0)',
    '--tidings-line': 'var(--mantine-color-gray-3)',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--tidings-good': '#69db7c',
    '--tidings-bad': '#ff8787',
    '--tidings-warn': '#ffc078',
    '--tidings-quiet': '#9aa3ad',
    '--tidings-surface': 'var(--mantine-color-dark-8)',
    '--tidings-line': 'var(--mantine-color-dark-4)',
  },
});
