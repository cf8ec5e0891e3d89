import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { en } from '../text/en';
import { fold, matches } from '../text/fold';
import { ageText, dateTimeText, numberText, quantityText, readingText, shortTimeText } from '../text/format';
import { language, t } from '../text/text';
import { unitText } from '../text/units';
import { vi, type TextKey } from '../text/vi';

afterEach(() => {
  language.value = 'vi';
});

const at = Date.parse('2026-11-22T02:26:36Z');
const keys = Object.keys(vi) as TextKey[];

describe('formats', () => {
  it('put the Vietnamese date before the 24-hour time', () => {
    expect(dateTimeText(at)).toBe('22/11/2026 09:26:36');
    expect(dateTimeText(Date.parse('2026-11-22T17:00:00Z'))).toBe('23/11/2026 00:00:00');
  });

  it('leave out the date on the same Vietnamese day only', () => {
    expect(shortTimeText(at, at + 3_600_000)).toBe('09:26:36');
    expect(shortTimeText(at, at + 15 * 3_600_000)).toBe('22/11/2026 09:26:36');
  });

  it('write the decimal comma and a no-break space before the unit', () => {
    expect(numberText(1234.5, 1)).toBe('1.234,5');
    expect(quantityText(98.6, '%')).toBe('98,6\u00a0%');
    expect(quantityText(7.354, 'm')).toBe('7,35\u00a0m');
    expect(quantityText(15.04, 'ug/m3')).toBe('15,0\u00a0µg/m³');
    expect(quantityText(10_234.6, 'kW.h')).toBe('10.235\u00a0kWh');
    language.value = 'en';
    expect(numberText(1234.5, 1)).toBe('1,234.5');
  });

  it('show large sums in the next unit and no negative zero', () => {
    expect(quantityText(279_989, 'W')).toBe('279,99\u00a0kW');
    expect(quantityText(9_999, 'W')).toBe('9.999\u00a0W');
    expect(numberText(-0.01, 1)).toBe('0,0');
  });

  it('show a dash for none, never zero', () => {
    expect(readingText(null, 'm')).toBe('—');
    expect(readingText(0, 'm')).toBe('0,00\u00a0m');
    expect(readingText(true, null)).toBe('có');
    expect(readingText('on', null)).toBe('on');
  });

  it('tell an age in words up to a day, then the date', () => {
    expect(ageText(at, at + 4_900)).toBe('4\u00a0giây');
    expect(ageText(at, at + 17 * 60_000)).toBe('17\u00a0phút');
    expect(ageText(at, at + 5 * 3_600_000)).toBe('5\u00a0giờ');
    expect(ageText(at, at + 25 * 3_600_000)).toBe('22/11/2026');
    expect(ageText(at, at - 3_000)).toBe('0\u00a0giây');
  });
});

describe('units', () => {
  it.each([
    ['ug/m3', 'µg/m³'],
    ['Cel', '°C'],
    ['m3/h', 'm³/h'],
    ['m3', 'm³'],
    ['kW.h', 'kWh'],
    ['W.h', 'Wh'],
    ['A.h', 'Ah'],
    ['V.A', 'VA'],
    ['km/h', 'km/h'],
    ['mm/h', 'mm/h'],
    ['[ppm]', 'ppm'],
    ['{vehicle}', ''],
    ['{vehicle}/h', '1/h'],
    ['1', ''],
    ['count', ''],
    ['%', '%'],
    ['dB', 'dB'],
    ['uS/cm', 'µS/cm'],
    ['', ''],
    [null, ''],
  ])('%s is read as "%s"', (ucum, text) => {
    expect(unitText(ucum)).toBe(text);
  });
});

describe('searching', () => {
  it('folds marks and đ on both sides', () => {
    expect(fold('Đống Đa – Quy Nhơn')).toBe('dong da – quy nhon');
    expect(matches('bồng son', 'Phường BỒNG SƠN')).toBe(true);
    expect(matches('Đập đá', 'dap Da')).toBe(true);
    expect(matches('qui nhon', 'Quy Nhơn')).toBe(false);
  });

  it('finds words in any order over several texts', () => {
    expect(matches('cs-14 nhon', 'Tủ CS-14', null, 'Quy Nhơn')).toBe(true);
    expect(matches('   ', 'x')).toBe(true);
  });
});

describe('the dictionary', () => {
  it('has the same keys in both languages', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
  });

  it('asks for the same parameters in both languages', () => {
    const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const key of keys) expect(parameters(en[key]), key).toEqual(parameters(vi[key]));
  });

  it('is composed Unicode without an empty sentence', () => {
    for (const key of keys) {
      expect(vi[key].normalize('NFC'), key).toBe(vi[key]);
      expect(vi[key].trim(), key).not.toBe('');
      expect(en[key].trim(), key).not.toBe('');
    }
  });

  it('has no key that no page uses', () => {
    const source = ['components', 'components/map', 'views', 'views/registry', 'text', 'live']
      .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
      .filter((path) => /\.tsx?$/.test(path) && !/text\/(vi|en)\.ts$/.test(path))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const unused = keys.filter(
      (key) =>
        !source.includes(`'${key}'`) && !source.includes(`\`${key.slice(0, key.lastIndexOf('.'))}.\${`),
    );
    expect(unused).toEqual([]);
  });

  it('puts parameters in and leaves unknown ones standing', () => {
    expect(t('link.lost', { seconds: 7 })).toBe('Mất kết nối – số liệu cũ 7 giây');
    expect(t('link.lost')).toContain('{seconds}');
  });
});
