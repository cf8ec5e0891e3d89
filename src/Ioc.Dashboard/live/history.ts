import type { HistoryReading } from '../api/contract';

/** A line per channel over one time axis; null breaks the line. Times in Unix seconds, as the chart wants them. */
export interface Lines {
  channels: (string | null)[];
  times: number[];
  values: (number | null)[][];
}

/**
 * Puts readings side by side by channel.
 * @param gapMs a longer silence is drawn as a gap, never bridged
 */
export function toLines(items: readonly HistoryReading[], gapMs: number): Lines {
  const byChannel = new Map<string | null, Map<number, number>>();
  for (const { at, channel, value } of items) {
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'number') continue;
    let points = byChannel.get(channel);
    if (points === undefined) byChannel.set(channel, (points = new Map()));
    points.set(Date.parse(at), number);
  }
  const times = new Set<number>();
  const breaks = new Map<string | null, Set<number>>();
  for (const [channel, points] of byChannel) {
    const own = new Set<number>();
    const sorted = [...points.keys()].sort((a, b) => a - b);
    for (const [index, at] of sorted.entries()) {
      times.add(at);
      const before = sorted[index - 1];
      if (before !== undefined && at - before > gapMs) own.add(before + 1);
    }
    for (const at of own) times.add(at);
    breaks.set(channel, own);
  }
  const axis = [...times].sort((a, b) => a - b);
  const channels = [...byChannel.keys()].sort((a, b) =>
    String(a).localeCompare(String(b), 'vi', { numeric: true }),
  );
  return {
    channels,
    times: axis.map((at) => at / 1000),
    // undefined would be bridged by the chart, which is right between the points of other channels.
    values: channels.map((channel) => {
      const points = byChannel.get(channel);
      const own = breaks.get(channel);
      return axis.map((at) => (own?.has(at) ? null : points?.get(at))) as (number | null)[];
    }),
  };
}
