import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The interfaces of the wire as name → properties; the server's own test reads the file the same plain way. */
function interfaces(): Map<string, string[]> {
  const text = readFileSync('live/contract.ts', 'utf8');
  return new Map(
    [...text.matchAll(/^export interface (\w+) \{\n([^}]*)^\}/gm)].map(([, name, body]) => [
      name!,
      body!
        .trim()
        .split('\n')
        .map((line) => /^\s*(\w+)\??: [^;]+;$/.exec(line)?.[1] ?? `unreadable: ${line}`),
    ]),
  );
}

describe('the contract file', () => {
  const wire = interfaces();

  it('is plain enough to be compared: one property per line, no computed type', () => {
    expect([...wire.keys()].sort()).toEqual(
      [
        'Alarm',
        'AlarmChanged',
        'Beat',
        'Changes',
        'DeviceChange',
        'JoinRequest',
        'LiveDevice',
        'LocalizedText',
        'MetricInfo',
        'Snapshot',
        'ZoneInfo',
      ].sort(),
    );
    expect([...wire.values()].flat().filter((property) => property.startsWith('unreadable'))).toEqual([]);
  });

  it('gives every message its number and its time', () => {
    for (const message of ['Snapshot', 'Changes', 'AlarmChanged', 'Beat']) {
      expect(wire.get(message)?.slice(0, 2), message).toEqual(['seq', 'serverTime']);
    }
  });

  it('lets a change speak only of what a device has', () => {
    const device = new Set(wire.get('LiveDevice'));
    expect(wire.get('DeviceChange')?.filter((property) => !device.has(property))).toEqual([]);
  });
});
