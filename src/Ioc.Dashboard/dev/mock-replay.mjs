// The quarantine's part of the stand-in server: two groups, one of them refused for personal data, and one replay.
import { decode } from './mock-profiles.mjs';

const text = '{"ENERGY":{"Power":99431.25,"Current":null}}';
const message = (offset, more = {}) => ({
  offset,
  receivedAt: '2026-11-22T03:15:30Z',
  topic: 'tele/kho-bac/SENSOR',
  client: 'kho-bac',
  user: null,
  bytes: text.length,
  withheld: false,
  hex: Buffer.from(text).toString('hex'),
  text,
  truncated: false,
  ...more,
});
const withheld = { withheld: true, hex: null, text: null, topic: 'camera/cong-2/event', client: 'cong-2' };

const group = (id, reason, profile, detail, count, example) => ({
  id,
  reason,
  profile,
  firmware: '9 and later',
  detail,
  count,
  firstSeen: '2026-11-21T22:00:00Z',
  lastSeen: '2026-11-22T03:15:30Z',
  devices: 2,
  device: 'kho-bac',
  example,
});

let groups = [
  group(
    '1f2e3d4c5b6a',
    'noReadings',
    'tasmota-energy',
    'profile tasmota-energy: no field of the profile has a value',
    1284,
    message(31),
  ),
  group(
    '0a0b0c0d0e0f',
    'personalData',
    'frigate-events',
    'profile frigate-events: member face carries personal data',
    3,
    message(40, withheld),
  ),
];

const none = {
  state: 'none',
  replay: null,
  selection: null,
  by: null,
  at: null,
  profiles: null,
  progress: 0,
  chosen: 0,
  token: null,
  difference: null,
  committedBy: null,
  failure: null,
};
let replay = none;

const difference = {
  messages: 1284,
  changedMessages: 1284,
  added: 1283,
  changed: 1,
  removed: 0,
  unchanged: 12,
  duplicate: 0,
  unknown: 0,
  series: [{ device: 'kho-bac', metric: 'active_power', added: 1283, changed: 1, removed: 0 }],
  seriesCount: 1,
  outcomes: [{ from: 'noReadings', to: 'stored', count: 1284, exampleOffset: 31 }],
  examples: [
    {
      kind: 'added',
      device: 'kho-bac',
      metric: 'active_power',
      channel: null,
      at: '2026-11-22T03:15:30Z',
      old: null,
      new: 99431.25,
      unit: 'W',
      offset: 31,
    },
    {
      kind: 'changed',
      device: 'kho-bac',
      metric: 'active_power',
      channel: 'a',
      at: '2026-11-22T03:14:30Z',
      old: 994312.5,
      new: 99431.25,
      unit: 'W',
      offset: 30,
    },
  ],
  newDevices: [],
  newDeviceCount: 0,
};

const provenance = (one) => ({
  message: one,
  stored: {
    readings: one.withheld ? 0 : 2,
    outcome: one.withheld ? 'quarantined' : 'stored',
    reason: one.withheld ? 'personalData' : null,
  },
  profiles: '31f8a1eaeaf4df0f',
  replay: null,
  profile: one.withheld
    ? null
    : { name: 'tasmota-energy', version: '0a1b2c3d4e5f', sinceOffset: 12, since: '2026-11-22T03:00:00Z' },
  decode: one.withheld ? null : decode({ topic: one.topic, payload: text }),
});

/** The answer to a request about quarantine, replay or provenance; null when it is about something else. */
export function answer(method, url, body) {
  const path = url.pathname;
  if (path === '/api/quarantine/groups') return { items: groups, next: null };
  if (path === '/api/quarantine' && url.searchParams.get('group')) {
    const chosen = groups.find(({ id }) => id === url.searchParams.get('group'));
    const rows = chosen?.example
      ? [{ ...chosen.example, device: 'kho-bac', reason: chosen.reason, detail: chosen.detail }]
      : [];
    return { items: rows, next: null };
  }
  if (path === '/api/replay' && method === 'POST')
    replay = {
      ...none,
      state: 'ready',
      replay: 7,
      selection: body,
      by: 'operator@127.0.0.1',
      at: '2026-11-22T04:00:00Z',
      profiles: '31f8a1eaeaf4df0f',
      progress: 1,
      chosen: 1284,
      token: 'a1b2c3d4e5f60718',
      difference,
    };
  if (path === '/api/replay/commit') {
    groups = groups.filter(({ reason }) => reason === 'personalData');
    replay = { ...replay, state: 'done', committedBy: 'operator@127.0.0.1' };
  }
  if (path.startsWith('/api/replay')) return replay;
  const kept = /^\/api\/messages\/(\d+)\/decode$/.exec(path);
  if (kept) return provenance(message(Number(kept[1]), kept[1] === '40' ? withheld : {}));
  if (path === '/api/readings/provenance')
    return {
      items: [
        {
          offset: 31,
          index: 0,
          at: url.searchParams.get('at'),
          channel: null,
          value: 1,
          quality: [],
          from: provenance(message(31)),
        },
      ],
      next: null,
    };
  return null;
}
