const whole: Readonly<Record<string, string>> = {
  '1': '',
  count: '',
  Cel: '°C',
  degF: '°F',
  '[degF]': '°F',
  deg: '°',
  '[ppm]': 'ppm',
  '[ppb]': 'ppb',
  'dB[SPL]': 'dB',
  'dB[mW]': 'dBm',
  'm/s2': 'm/s²',
};

/** A UCUM code as people write it: `ug/m3` → µg/m³, `kW.h` → kWh. Counted things in braces have no unit. */
export function unitText(ucum: string | null | undefined): string {
  if (!ucum) return '';
  const known = whole[ucum];
  if (known !== undefined) return known;
  return ucum
    .replace(/\{[^}]*\}/g, '')
    .replace(/\bCel\b/g, '°C')
    .replace(/\bu(?=[a-zA-Z])/g, 'µ')
    .replace(/(?<=[a-z])2\b/g, '²')
    .replace(/(?<=[a-z])3\b/g, '³')
    .replace(/\./g, '')
    .replace(/^\/(?=.)/, '1/')
    .replace(/^1\/$/, '');
}

const decimalsByUnit: Readonly<Record<string, number>> = {
  m: 2,
  mm: 1,
  'mm/h': 1,
  'ug/m3': 1,
  'mg/m3': 2,
  Cel: 1,
  '%': 1,
  V: 1,
  A: 2,
  W: 0,
  kW: 2,
  MW: 2,
  'W.h': 0,
  'kW.h': 0,
  m3: 2,
  'm3/h': 2,
  'km/h': 1,
  Hz: 2,
  s: 1,
  ppm: 0,
  '[ppm]': 0,
  count: 0,
  dBm: 0,
  'dB[mW]': 0,
};

/** How many decimals a value of this unit is shown with; null where only the number itself can tell. */
export function unitDecimals(ucum: string | null | undefined): number | null {
  return decimalsByUnit[ucum ?? ''] ?? null;
}
