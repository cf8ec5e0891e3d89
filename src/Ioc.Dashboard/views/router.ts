import { computed, signal } from '@preact/signals';
import type { RegistryTab } from './Registry';

export type Route =
  | { page: 'overview' }
  | { page: 'alarms'; id: number | null }
  | { page: 'devices' }
  | { page: 'device'; id: string }
  | { page: 'profiles' }
  | { page: 'quarantine' }
  | { page: 'system' }
  | { page: 'registry'; tab: RegistryTab }
  | { page: 'unknown' };

/** Which page a path names. */
export function parsePath(pathname: string): Route {
  const [first, second, ...rest] = pathname.split('/').filter(Boolean);
  if (rest.length > 0) return { page: 'unknown' };
  switch (first) {
    case undefined:
      return { page: 'overview' };
    case 'alarms':
      if (second === undefined) return { page: 'alarms', id: null };
      return /^\d+$/.test(second) ? { page: 'alarms', id: Number(second) } : { page: 'unknown' };
    case 'devices':
      return second === undefined ? { page: 'devices' } : { page: 'device', id: decoded(second) };
    case 'profiles':
      return second === undefined ? { page: 'profiles' } : { page: 'unknown' };
    case 'quarantine':
      return second === undefined ? { page: 'quarantine' } : { page: 'unknown' };
    case 'system':
      return second === undefined ? { page: 'system' } : { page: 'unknown' };
    case 'registry':
      if (second === undefined) return { page: 'registry', tab: 'strangers' };
      return second === 'import' || second === 'firmware' || second === 'audit'
        ? { page: 'registry', tab: second }
        : { page: 'unknown' };
    default:
      return { page: 'unknown' };
  }
}

/** An API id already holds escapes of its own, so it is escaped again for the path. */
export function devicePath(id: string): string {
  return `/devices/${encodeURIComponent(id)}`;
}

/** The same place with some query parameters changed; empty ones are left out. */
export function withQuery(search: string, patch: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

const place = signal({ pathname: '/', search: '' });

export const route = computed(() => parsePath(place.value.pathname));
export const query = computed(() => new URLSearchParams(place.value.search));
export const zone = computed(() => query.value.get('zone'));

/** A link to a page that keeps what holds on every page: the zone. */
export function href(pathname: string): string {
  return pathname + withQuery('', { zone: zone.value });
}

export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  read();
}

/** Filters replace the entry: Back leaves the page instead of undoing letters. */
export function setQuery(patch: Readonly<Record<string, string | null>>): void {
  navigate(place.value.pathname + withQuery(place.value.search, patch), true);
}

export function startRouter(): void {
  addEventListener('popstate', read);
  addEventListener('click', follow);
  read();
}

function read(): void {
  place.value = { pathname: location.pathname, search: location.search };
}

function follow(event: MouseEvent): void {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const anchor = (event.target as Element | null)?.closest?.('a');
  if (!anchor || anchor.target || anchor.hasAttribute('download') || anchor.origin !== location.origin)
    return;
  if (anchor.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  navigate(anchor.pathname + anchor.search);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
