import { describe, expect, it } from 'vitest';
import type { Device } from '../api/contract';
import { changesOf, formOf } from '../components/deviceForm';

const device = {
  name: 'Trạm Cầu',
  family: 'water-level',
  profile: 'dragino-ldds75',
  site: null,
  area: '21583',
  position: { lat: 13.77, lon: 109.22 },
  periodSeconds: 1200,
  parent: null,
  parameters: { mount_m: '8.2', bd1_m: '6' },
  timeZone: 'Asia/Ho_Chi_Minh',
} as unknown as Device;

describe('the form of a device', () => {
  const form = formOf(device);

  it('sends nothing when nothing was changed', () => {
    expect(changesOf(form, { ...form })).toEqual({});
  });

  it('sends what was changed, cleared texts as null and decimal commas as points', () => {
    expect(
      changesOf(form, {
        ...form,
        name: ' Trạm Chợ ',
        area: '',
        lat: '13,9',
        period: '60',
        parameters: 'mount_m=9',
      }),
    ).toEqual({
      name: 'Trạm Chợ',
      area: null,
      position: { lat: 13.9, lon: 109.22 },
      periodSeconds: 60,
      parameters: { mount_m: '9' },
    });
    expect(changesOf(form, { ...form, lat: '', lon: '' })).toEqual({ position: null });
  });

  it.each([{ lat: 'x' }, { lat: '' }, { period: 'soon' }, { parameters: 'depth' }, { parameters: '=1' }])(
    'says when %j cannot be read',
    (change) => {
      expect(changesOf(form, { ...form, ...change })).toBeNull();
    },
  );
});
