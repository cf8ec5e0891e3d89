import { effect, signal } from '@preact/signals';
import { language } from '../text/text';

export type Theme = 'dark' | 'light';

const remembered = 'ioc.theme';

export const theme = signal<Theme>(localStorage.getItem(remembered) === 'light' ? 'light' : 'dark');

export function setTheme(to: Theme): void {
  theme.value = to;
  localStorage.setItem(remembered, to);
}

/** True on phones: below this width the page is one column with a bottom bar. */
const narrowQuery = matchMedia('(max-width: 719px)');
export const narrow = signal(narrowQuery.matches);

/** Steps of half a second, one for all flashing rings; 0 for good where motion is not wanted. */
let phase = 0;

export function startSettings(): void {
  const root = document.documentElement;
  narrowQuery.addEventListener('change', () => (narrow.value = narrowQuery.matches));
  effect(() => {
    root.dataset['theme'] = theme.value;
  });
  effect(() => {
    root.lang = language.value;
  });
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  setInterval(() => {
    phase = still.matches ? 0 : (phase + 1) % 4;
    root.dataset['flash'] = String(phase);
  }, 500);
}
