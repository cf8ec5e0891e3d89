// The registry's side of the mock server: standings, steps, credentials, import, audit and firmware of the made-up city.
import { devices } from './mock-fleet.mjs';

const iso = (ms) => new Date(ms).toISOString();
const started = Date.now();
const areas = [...new Map(devices.map(({ area, areaName }) => [area, areaName])).entries()];
const records = new Map();
const audit = [];
const credentials = new Map();

const strangers = ['la-01', 'la-02', 'la-03'].map((key, i) => ({
  id: key,
  key,
  name: key,
  family: 'electricity',
  profile: 'tasmota-energy',
  firstSeen: started - (i + 1) * 3_600_000,
}));

/** What the registry adds to a device of the fleet. */
export function recordOf(device) {
  if (!records.has(device.id))
    records.set(device.id, {
      source: 'default',
      site: null,
      parameters: device.family === 'water-level' ? { mount_m: '8.2' } : {},
      timeZone: 'Asia/Ho_Chi_Minh',
      standing: device.firstSeen === undefined ? 'inService' : 'unclaimed',
      claimed: device.firstSeen === undefined,
      firstSeen: device.firstSeen === undefined ? null : iso(device.firstSeen),
      refusedFrom: null,
      note: null,
      replaces: null,
      replacedBy: null,
      version: 1,
    });
  return records.get(device.id);
}

const strangerView = (stranger) => ({
  id: stranger.id,
  key: stranger.key,
  name: stranger.name,
  family: stranger.family,
  profile: stranger.profile,
  area: null,
  areaName: null,
  zones: [],
  position: null,
  state: 'online',
  lastSeen: iso(Date.now() - 4_000),
  periodSeconds: 300,
  parent: null,
  latest: [],
  attributes: [],
  ...recordOf(stranger),
});

const standings = {
  claim: ['unclaimed', 'inService'],
  reject: ['unclaimed', 'rejected'],
  lift: ['rejected', 'unclaimed'],
  retire: ['inService', 'retired'],
  return: ['retired', 'inService'],
};

function note(action, device, subject, before, after) {
  audit.unshift({
    id: audit.length + 1,
    at: iso(Date.now()),
    actor: 'local operator',
    address: '127.0.0.1',
    via: 'api',
    action,
    device,
    subject,
    before,
    after,
  });
}

/** Answers what concerns the registry: [body, status], or null for what does not. */
export function registryAnswer(method, parts, q, body, view) {
  if (parts[0] === 'sites') return [{ items: [{ id: 'ubnd', name: 'UBND phường' }], next: null }, 200];
  if (parts[0] === 'areas')
    return [{ items: areas.map(([code, name]) => ({ code, name })), next: null }, 200];
  if (parts[0] === 'audit')
    return [
      { items: audit.filter(({ device }) => !q.get('device') || device === q.get('device')), next: null },
      200,
    ];
  if (parts[0] === 'firmware') return [{ items: firmware(), next: null }, 200];
  if (parts[0] === 'credentials' && method === 'DELETE') {
    const row = [...credentials.values()].flat().find(({ userName }) => userName === parts[1]);
    if (row === undefined) return [{ title: 'Not found.', status: 404 }, 404];
    row.enabled = false;
    note('credential.revoke', row.userName, row.userName, null, null);
    return [null, 204];
  }
  if (parts[0] !== 'devices') return null;
  if (parts[1] === 'import') return [imported(body, q.get('dryRun') === 'true'), 200];
  if (parts.length === 1) {
    const standing = q.get('standing');
    if (!standing) return null;
    const all = [...strangers.map(strangerView), ...devices.map(view)];
    return [{ items: all.filter((device) => device.standing === standing), next: null }, 200];
  }
  const stranger = strangers.find(({ id }) => id === parts[1]);
  const device = stranger ?? devices.find(({ id }) => id === parts[1]);
  if (device === undefined) return null;
  const show = () => (stranger ? strangerView(stranger) : view(device));
  if (parts[2] === 'credentials') return credential(method, device);
  if (method === 'GET') return stranger && parts[2] === undefined ? [show(), 200] : null;
  return step(method === 'PATCH' ? 'update' : parts[2], device, JSON.parse(body), show);
}

function step(name, device, asked, show) {
  const record = recordOf(device);
  if (asked.version !== record.version)
    return [{ status: 409, title: 'The device has changed.', detail: 'changed', current: show() }, 409];
  if (asked.family === 'boat' || asked.area === 'x')
    return [
      {
        status: 400,
        title: 'The device cannot be so.',
        detail: 'x',
        faults: [
          {
            field: 'area',
            vi: "không có đơn vị hành chính mã 'x'",
            en: "there is no area with the code 'x'",
          },
        ],
      },
      400,
    ];
  if (standings[name] && record.standing !== standings[name][0])
    return [{ status: 409, title: 'Not in this standing.', detail: 'standing', current: show() }, 409];
  const before = { name: device.name, standing: record.standing };
  if (asked.name !== undefined) device.name = asked.name ?? device.key;
  if (standings[name]) record.standing = standings[name][1];
  record.claimed = record.standing === 'inService' || record.standing === 'retired';
  const out = record.standing === 'retired' || record.standing === 'rejected';
  record.refusedFrom = out ? iso(Date.now()) : null;
  record.note = out ? (asked.note ?? null) : null;
  record.version++;
  note(`device.${name}`, device.id, null, before, { name: device.name, standing: record.standing });
  return [show(), 200];
}

function credential(method, device) {
  const rows = credentials.get(device.id) ?? [];
  if (method === 'GET') return [{ items: rows.map((row) => ({ ...row, secret: null })), next: null }, 200];
  const row = {
    userName: device.key,
    hasPassword: true,
    certificate: null,
    publish: ['tele/{device}/SENSOR'],
    subscribe: [],
    enabled: true,
    createdAt: iso(Date.now()),
    changedAt: iso(Date.now()),
    secret: null,
  };
  credentials.set(device.id, [row, ...rows.filter(({ enabled }) => enabled)]);
  note('credential.issue', device.id, device.key, null, { publish: 'tele/{device}/SENSOR' });
  return [{ ...row, secret: 'q7Kd3mPz9XvR2tYw5Hn8Lc4Jb6Gf1SaE' }, 201];
}

function imported(text, dryRun) {
  const rows = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .slice(1)
    .filter(Boolean)
    .map((line) => line.split(/[;,]/));
  const bad = rows.flatMap((cells, i) =>
    cells[1] === 'tau'
      ? [{ row: i + 2, column: 'family', vi: "nhóm 'tau' không có", en: "family 'tau' is unknown" }]
      : [],
  );
  const good = rows.length - bad.length;
  return {
    dryRun,
    rows: rows.length,
    created: good,
    updated: 0,
    unchanged: 0,
    failed: bad.length,
    lines: rows.flatMap(([key, family], i) =>
      family === 'tau'
        ? []
        : [
            {
              row: i + 2,
              device: key,
              isNew: true,
              fields: [{ field: 'family', before: null, after: family }],
            },
          ],
    ),
    faults: bad,
  };
}

function firmware() {
  const row = (profile, line, version, count, days, failures, unknownFields) => ({
    profile,
    line,
    version,
    devices: count,
    firstSeen: iso(started - days * 86_400_000),
    lastSeen: iso(Date.now() - 5_000),
    messages: count * 4_211,
    failures,
    unknownFields,
  });
  return [
    row('tasmota-energy', '13.x', '13.4.0', 118, 90, {}, [
      { name: 'ENERGY.Yesterday', samples: 4_120, firstSeen: iso(started - 90 * 86_400_000) },
    ]),
    row('tasmota-energy', '13.x', '14.1.0', 3, 1, { malformed: 12 }, [
      { name: 'ENERGY.ExportActive', samples: 14, firstSeen: iso(started - 86_400_000) },
    ]),
    row('dragino-ldds75', 'v1.1.3', null, 64, 90, { tooShort: 2 }, []),
  ];
}
