// A made-up city for development: about 600 devices that move, and alarms that come and go.
// The second argument of the command line multiplies the fleet, to see how the pages bear it.

export const zones = [
  { id: 'quy-nhon', name: 'Quy Nhơn' },
  { id: 'an-nhon', name: 'An Nhơn' },
  { id: 'hoai-nhon', name: 'Hoài Nhơn' },
];

const places = [
  ['21583', 'Quy Nhơn', 13.776, 109.228, 'quy-nhon'],
  ['21592', 'Quy Nhơn Nam', 13.745, 109.205, 'quy-nhon'],
  ['21553', 'Quy Nhơn Bắc', 13.806, 109.165, 'quy-nhon'],
  ['21601', 'Quy Nhơn Đông', 13.84, 109.268, 'quy-nhon'],
  ['21907', 'Bình Định', 13.887, 109.112, 'an-nhon'],
  ['21910', 'An Nhơn', 13.922, 109.107, 'an-nhon'],
  ['21934', 'An Nhơn Đông', 13.905, 109.155, 'an-nhon'],
  ['21640', 'Bồng Sơn', 14.433, 109.017, 'hoai-nhon'],
  ['21637', 'Tam Quan', 14.565, 109.045, 'hoai-nhon'],
  ['21664', 'Hoài Nhơn', 14.5, 109.03, 'hoai-nhon'],
];

export const metrics = {
  vehicle_count_period: {
    unit: '{vehicle}',
    type: 'number',
    words: [],
    vi: 'Số xe trong chu kỳ',
    en: 'Vehicles in period',
  },
  vehicle_speed_mean: {
    unit: 'km/h',
    type: 'number',
    words: [],
    vi: 'Vận tốc trung bình',
    en: 'Mean speed',
  },
  pm2_5: { unit: 'ug/m3', type: 'number', words: [], vi: 'Bụi mịn PM2.5', en: 'Fine dust PM2.5' },
  co2: { unit: '[ppm]', type: 'number', words: [], vi: 'Khí CO₂', en: 'CO₂' },
  air_temperature: {
    unit: 'Cel',
    type: 'number',
    words: [],
    vi: 'Nhiệt độ không khí',
    en: 'Air temperature',
  },
  water_level: { unit: 'm', type: 'number', words: [], vi: 'Mực nước', en: 'Water level' },
  rain_rate: { unit: 'mm/h', type: 'number', words: [], vi: 'Cường độ mưa', en: 'Rain rate' },
  active_power: { unit: 'W', type: 'number', words: [], vi: 'Công suất tác dụng', en: 'Active power' },
  voltage: { unit: 'V', type: 'number', words: [], vi: 'Điện áp', en: 'Voltage' },
  active_energy_import: {
    unit: 'kW.h',
    type: 'number',
    words: [],
    vi: 'Điện năng nhận',
    en: 'Energy imported',
  },
  water_volume: { unit: 'm3', type: 'number', words: [], vi: 'Tổng lượng nước', en: 'Water volume' },
  people_waiting: {
    unit: '{person}',
    type: 'number',
    words: [],
    vi: 'Số người đang chờ',
    en: 'People waiting',
  },
  relay_state: { unit: '', type: 'word', words: ['off', 'on'], vi: 'Rơ-le', en: 'Relay' },
  battery_voltage: { unit: 'V', type: 'number', words: [], vi: 'Điện áp pin', en: 'Battery voltage' },
};

// family, id prefix, name, count, headline metric, typical value, swing, other metrics, profile
const kinds = [
  [
    'traffic',
    'TRF',
    'Đếm xe',
    80,
    'vehicle_count_period',
    42,
    30,
    ['vehicle_speed_mean'],
    'fiware-trafficflow',
  ],
  ['air', 'AQ', 'Trạm không khí', 40, 'pm2_5', 28, 14, ['air_temperature', 'co2'], 'airgradient'],
  ['water-level', 'WL', 'Mực nước', 25, 'water_level', 4.2, 0.8, ['battery_voltage'], 'dragino-ldds75'],
  ['rain', 'RN', 'Đo mưa', 20, 'rain_rate', 3, 3, [], 'tasmota-hrg15'],
  [
    'electricity',
    'EM',
    'Công tơ',
    320,
    'active_power',
    900,
    700,
    ['voltage', 'active_energy_import'],
    'thingsboard-gateway',
  ],
  ['water', 'WM', 'Đồng hồ nước', 30, 'water_volume', 812, 3, [], 'wmbusmeters-kamwater'],
  ['onestop', 'OS', 'Một cửa', 40, 'people_waiting', 14, 10, [], 'ioc-onestop-gateway'],
  [
    'lighting',
    'CS',
    'Tủ chiếu sáng',
    30,
    'active_power',
    2400,
    500,
    ['relay_state', 'voltage'],
    'shelly-3em-gen1',
  ],
  ['concentrator', 'DCU', 'Bộ tập trung', 6, null, 0, 0, [], 'thingsboard-gateway'],
];
export const families = kinds.map(([family]) => family);

let seed = 20261122;
export function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 4294967296;
}

const times = Number(process.argv[3] ?? 1);

export const devices = [];
for (const [family, prefix, label, count, metric, typical, swing, others, profile] of kinds) {
  for (let i = 1; i <= count * times; i++) {
    const [area, areaName, lat, lon, zone] = places[Math.floor(random() * places.length)];
    const key = `${prefix}-${String(i).padStart(4, '0')}`;
    const angle = random() * 2 * Math.PI;
    const reach = random() * 0.028;
    const fate = random();
    devices.push({
      h: devices.length,
      id: key,
      key,
      name: `${label} ${areaName} ${i}`,
      family,
      profile,
      area,
      areaName,
      zones: [zone],
      lat: lat + Math.sin(angle) * reach,
      lon: lon + Math.cos(angle) * reach * 0.8,
      periodMs: 5000,
      state: fate < 0.015 ? 'offline' : fate < 0.03 ? 'stale' : 'online',
      lastSeen: Date.now() - (fate < 0.015 ? 17 * 60_000 : fate < 0.03 ? 22_000 : random() * 5000),
      metric,
      channel: null,
      value: metric === null ? null : typical + (random() - 0.5) * swing,
      at: null,
      quality: random() < 0.02 ? ['estimated'] : [],
      priority: 0,
      typical,
      swing,
      others,
    });
  }
}
for (const device of devices) device.at = device.metric === null ? null : device.lastSeen;

const rules = [
  [
    'water-level-bd2',
    'water-level',
    1,
    'water_level',
    'above',
    7,
    'Mực nước vượt báo động II',
    'Water level above alarm level II',
    7.35,
  ],
  [
    'cabinet-power-loss',
    'lighting',
    2,
    'active_power',
    'below',
    50,
    'Tủ chiếu sáng mất điện',
    'Lighting cabinet without power',
    0,
  ],
  ['pm25-high', 'air', 3, 'pm2_5', 'above', 45, 'Bụi mịn PM2.5 cao', 'Fine dust PM2.5 high', 58.4],
  ['voltage-low', 'electricity', 3, 'voltage', 'below', 198, 'Điện áp thấp', 'Voltage low', 191.2],
  [
    'queue-long',
    'onestop',
    4,
    'people_waiting',
    'above',
    40,
    'Nhiều người chờ tại bộ phận Một cửa',
    'Long queue at a one-stop desk',
    46,
  ],
  ['rain-heavy', 'rain', 2, 'rain_rate', 'above', 50, 'Mưa rất to', 'Very heavy rain', 63.5],
];

export const alarms = new Map();
let alarmId = 100;

export function raise(
  ruleIndex = Math.floor(random() * rules.length),
  agoMs = 0,
  state = 'activeUnacknowledged',
) {
  const [rule, family, priority, metric, condition, limit, vi, en, value] = rules[ruleIndex];
  const fit = devices.filter(
    (device) => device.family === family && device.priority === 0 && device.state === 'online',
  );
  const device = fit[Math.floor(random() * fit.length)];
  if (device === undefined) return null;
  const raised = Date.now() - agoMs;
  const iso = (ms) => new Date(ms).toISOString();
  const alarm = {
    id: ++alarmId,
    rule,
    device: device.id,
    deviceName: device.name,
    area: device.area,
    areaName: device.areaName,
    zones: device.zones,
    metric,
    channel: null,
    priority,
    state,
    raisedAt: iso(raised),
    acknowledgedAt: state === 'activeAcknowledged' ? iso(raised + 60_000) : null,
    acknowledgedBy: state === 'activeAcknowledged' ? 'truc-ban-1' : null,
    comment: null,
    returnedAt: state === 'returnedUnacknowledged' ? iso(raised + 90_000) : null,
    value,
    raisedValue: value,
    limit,
    condition,
    unit: metrics[metric].unit,
    message: { vi, en },
    count: 1 + Math.floor(random() * 3),
    version: 1,
  };
  alarms.set(alarm.id, alarm);
  setPriority(device);
  return alarm;
}

export function setPriority(device) {
  const open = [...alarms.values()].filter((alarm) => alarm.device === device.id && alarm.state !== 'normal');
  device.priority = open.length === 0 ? 0 : Math.min(...open.map(({ priority }) => priority));
}

export function change(alarm, patch) {
  const changed = { ...alarm, ...patch, version: alarm.version + 1 };
  alarms.set(alarm.id, changed);
  setPriority(devices.find(({ id }) => id === alarm.device));
  return changed;
}

for (let i = 0; i < 3; i++)
  raise(0, 40_000 + i * 400_000, ['activeUnacknowledged', 'activeAcknowledged', 'returnedUnacknowledged'][i]);
for (let i = 0; i < 26; i++) {
  const state = [
    'activeUnacknowledged',
    'activeAcknowledged',
    'activeAcknowledged',
    'returnedUnacknowledged',
  ][i % 4];
  raise(1 + (i % 5), 90_000 + i * 510_000, state);
}

/** Some devices speak; gives those that did. */
export function move() {
  const now = Date.now();
  const moved = [];
  for (const device of devices) {
    if (device.state !== 'online' || random() > 0.05) continue;
    if (device.metric !== null) {
      const pulled =
        device.value + (device.typical - device.value) * 0.05 + (random() - 0.5) * device.swing * 0.2;
      device.value =
        device.metric === 'people_waiting' || device.metric === 'vehicle_count_period'
          ? Math.max(0, Math.round(pulled))
          : Math.max(0, pulled);
      device.at = now;
    }
    device.lastSeen = now;
    moved.push(device);
  }
  return moved;
}
