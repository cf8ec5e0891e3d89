import type { Alarm, LiveDevice, Snapshot } from '../live/contract';

/** A device that says only what a test is about. */
export function device(h: number, patch: Partial<LiveDevice> = {}): LiveDevice {
  return {
    h,
    id: `D-${h}`,
    key: `D-${h}`,
    name: `Thiết bị ${h}`,
    family: 'air',
    profile: null,
    area: '21583',
    areaName: 'Quy Nhơn',
    zones: ['quy-nhon'],
    lat: 13.78,
    lon: 109.22,
    periodMs: 10_000,
    state: 'online',
    lastSeen: 1_000,
    metric: 'pm2_5',
    channel: null,
    value: 10 + h,
    at: 1_000,
    quality: [],
    priority: 0,
    ...patch,
  };
}

export function alarm(id: number, patch: Partial<Alarm> = {}): Alarm {
  return {
    id,
    rule: 'pm25-high',
    device: 'D-0',
    deviceName: 'Trạm 0',
    area: '21583',
    areaName: 'Quy Nhơn',
    zones: ['quy-nhon'],
    metric: 'pm2_5',
    channel: null,
    priority: 3,
    state: 'activeUnacknowledged',
    raisedAt: '2026-11-22T02:25:11Z',
    acknowledgedAt: null,
    acknowledgedBy: null,
    comment: null,
    returnedAt: null,
    value: 61.2,
    raisedValue: 58,
    limit: 45,
    condition: 'above',
    unit: 'ug/m3',
    message: { vi: 'Bụi mịn cao', en: 'Fine dust high' },
    count: 1,
    version: 1,
    ...patch,
  };
}

export function snapshot(seq: number, patch: Partial<Snapshot> = {}): Snapshot {
  return {
    seq,
    serverTime: 1_000,
    build: 'b1',
    province: 'Gia Lai',
    zones: [{ id: 'quy-nhon', name: 'Quy Nhơn' }],
    families: ['air'],
    metrics: { pm2_5: { unit: 'ug/m3', type: 'number', words: [], vi: 'Bụi mịn', en: 'Fine dust' } },
    devices: [device(0), device(1), device(2)],
    alarms: [],
    ...patch,
  };
}
