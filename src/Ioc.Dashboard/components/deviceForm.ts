import type { Device } from '../api/contract';

/** The fields of the form, as texts. */
export interface DeviceForm {
  name: string;
  family: string;
  profile: string;
  site: string;
  area: string;
  lat: string;
  lon: string;
  period: string;
  parent: string;
  parameters: string;
  timeZone: string;
}

export function formOf(device: Device): DeviceForm {
  return {
    name: device.name,
    family: device.family,
    profile: device.profile ?? '',
    site: device.site ?? '',
    area: device.area ?? '',
    lat: device.position === null ? '' : String(device.position.lat),
    lon: device.position === null ? '' : String(device.position.lon),
    period: String(device.periodSeconds),
    parent: device.parent ?? '',
    parameters: Object.entries(device.parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    timeZone: device.timeZone,
  };
}

/** What differs, in the words of the API; null where a number or parameter cannot be read. */
export function changesOf(before: DeviceForm, after: DeviceForm): Record<string, unknown> | null {
  const changes: Record<string, unknown> = {};
  for (const name of ['name', 'family', 'profile', 'site', 'area', 'parent', 'timeZone'] as const)
    if (after[name].trim() !== before[name]) changes[name] = after[name].trim() || null;

  if (after.period !== before.period) {
    const period = numberOf(after.period);
    if (Number.isNaN(period)) return null;
    changes['periodSeconds'] = period;
  }
  if (after.lat !== before.lat || after.lon !== before.lon) {
    const lat = numberOf(after.lat);
    const lon = numberOf(after.lon);
    if (Number.isNaN(lat) || Number.isNaN(lon) || (lat === null) !== (lon === null)) return null;
    changes['position'] = lat === null ? null : { lat, lon };
  }
  if (after.parameters !== before.parameters) {
    const parameters: Record<string, string> = {};
    for (const part of after.parameters.split(';').filter((text) => text.trim() !== '')) {
      const at = part.indexOf('=');
      if (at < 1) return null;
      parameters[part.slice(0, at).trim()] = part.slice(at + 1).trim();
    }
    changes['parameters'] = parameters;
  }
  return changes;
}

/** A decimal comma is a decimal point; empty is null, and what is no number NaN. */
function numberOf(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  return plain === '' ? null : Number(plain);
}
