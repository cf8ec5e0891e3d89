// The profiles' part of the stand-in server: three profiles, one mistake in the folder, one decoded message.
const profile = (name, vendor, model, firmware, family, topics) => ({
  name,
  version: '0a1b2c3d4e5f',
  vendor,
  model,
  firmware,
  family,
  topics,
  files: [`${vendor}/${name}.profile.yaml`],
});

export const profiles = [
  profile('tasmota-energy', 'Tasmota', 'energy meter', '9 and later', 'electricity', [
    'tele/{device}/SENSOR',
  ]),
  profile('dragino-ldds75', 'Dragino', 'LDDS75', 'before 1.1.4', 'water-level', []),
  profile('telraam-v2', 'Telraam', 'V2', '2.x', 'traffic', ['telraam/{device}/report']),
];

export const edition = {
  edition: '31f8a1eaeaf4df0f',
  fromOffset: 4_120,
  since: '2026-11-22T03:00:00Z',
  profileCount: profiles.length,
  mistakes: ["telraam/telraam-v2.profile.yaml:9: 'feilds' is not known; did you mean 'fields'?"],
  history: [{ edition: '31f8a1eaeaf4df0f', fromOffset: 4_120, since: '2026-11-22T03:00:00Z' }],
};

const reading = (metric, value, unit, canonical, more = {}) => ({
  device: 'kho-bac',
  metric,
  channel: null,
  value,
  unit,
  canonical,
  time: '2026-11-22T01:15:30Z',
  timeSource: 'payload',
  quality: 'good',
  semantics: 'gauge',
  delta: null,
  ...more,
});

const step = (metric, place, raw, number, unit, canonical) => ({
  reading: null,
  metric,
  name: null,
  channel: null,
  place,
  writtenAt: 'tasmota-energy/tasmota-energy.profile.yaml:12',
  raw,
  number,
  scaled: number,
  unit,
  canonical: canonical.value,
  canonicalUnit: canonical.unit,
  quality: [],
  absent: null,
});

/** What the real server says of a Tasmota meter; of anything else, that nobody listens. */
export function decode({ topic, payload }) {
  const nobody = {
    outcome: 'reject',
    device: null,
    profile: null,
    readings: [],
    absent: [],
    state: null,
    attributes: null,
    rejectReason: 'profileUnknown',
    rejectDetail: 'no profile listens to the topic',
    candidates: [],
  };
  if (!topic.startsWith('tele/')) return nobody;
  const { Power } = JSON.parse(payload).ENERGY;
  return {
    ...nobody,
    outcome: 'readings',
    device: 'kho-bac',
    profile: 'tasmota-energy',
    readings: [
      reading('active_power', Power, 'W', { value: Power, unit: 'W' }, { quality: 'out_of_range,suspect' }),
      reading(
        'active_energy_import',
        812_400,
        'W.h',
        { value: 812.4, unit: 'kW.h' },
        { semantics: 'counter', delta: 0.25 },
      ),
    ],
    absent: [{ metric: 'current', reason: 'null' }],
    steps: [
      step('active_power', 'ENERGY.Power', String(Power), Power, 'W', { value: Power, unit: 'W' }),
      { ...step('current', 'ENERGY.Current', 'null', null, 'A', { value: null, unit: 'A' }), absent: 'null' },
    ],
    rejectReason: null,
    rejectDetail: null,
    candidates: [
      { profile: 'tasmota-ble', envelope: null, device: 'kho-bac', fits: false, assignedOnly: false },
      { profile: 'tasmota-energy', envelope: null, device: 'kho-bac', fits: true, assignedOnly: false },
    ],
  };
}
