/** How a value looks by its age: plain, kept with a chip, or withdrawn. */
export type DataState = 'none' | 'live' | 'old' | 'lost';

const leastOldMs = 5_000;
const unknownPeriodMs = 60_000;

/**
 * @param at when the value was measured (Unix ms); null when there is none
 * @param periodMs how often the device is expected to speak; 0 when nobody knows
 */
export function dataState(at: number | null, periodMs: number, now: number): DataState {
  if (at === null || Number.isNaN(at)) return 'none';
  const period = periodMs > 0 ? periodMs : unknownPeriodMs;
  const age = now - at;
  if (age > Math.max(10 * period, leastOldMs)) return 'lost';
  if (age > Math.max(3 * period, leastOldMs)) return 'old';
  return 'live';
}

/** Marks of doubt, drawn beside the value; several may hold at once. */
export type Doubt =
  | 'bad'
  | 'stale'
  | 'calibrating'
  | 'estimated'
  | 'historical'
  | 'suspect'
  | 'outOfRange'
  | 'conflict'
  | 'clock';

const glyphs: Record<Doubt, string> = {
  bad: '⚠',
  stale: '⚠',
  outOfRange: '⚠',
  suspect: '⚠',
  conflict: '⚠',
  calibrating: 'C',
  estimated: '≈',
  historical: '⟲',
  clock: '◷',
};

export function doubts(quality: readonly string[]): Doubt[] {
  return quality.filter((word): word is Doubt => word in glyphs);
}

export function doubtGlyph(doubt: Doubt): string {
  return glyphs[doubt];
}
