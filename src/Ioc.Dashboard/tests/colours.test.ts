import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Rgb = readonly [number, number, number];

const css = readFileSync('styles/tokens.css', 'utf8');

function tokens(selector: RegExp): Map<string, string> {
  const block = selector.exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]),
  );
}

const common = tokens(/^:root \{([^}]*)\}/m);
const dark = tokens(/:root\[data-theme='dark'\] \{([^}]*)\}/);
const light = tokens(/:root\[data-theme='light'\] \{([^}]*)\}/);
const priorities = ['--p1', '--p2', '--p3', '--p4'].map((name) => common.get(name)!);

function linear(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  const channel = (shift: number) => {
    const c = ((value >> shift) & 255) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [channel(16), channel(8), channel(0)];
}

function times(matrix: readonly Rgb[], [r, g, b]: Rgb): Rgb {
  return matrix.map(([x, y, z]) => x * r + y * g + z * b) as unknown as Rgb;
}

// Björn Ottosson, "A perceptual color space for image processing", 2020.
function oklab(rgb: Rgb): Rgb {
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  const roots = lms.map((c) => Math.cbrt(Math.max(0, c))) as unknown as Rgb;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    roots,
  );
}

// Machado, Oliveira and Fernandes, 2009, full severity.
const sights: Record<string, readonly Rgb[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function clamp(rgb: Rgb): Rgb {
  return rgb.map((c) => Math.min(1, Math.max(0, c))) as unknown as Rgb;
}

function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe('the colours', () => {
  it.each(Object.keys(sights))('of two priorities are told apart by %s sight', (sight) => {
    const seen = priorities.map((hex) => oklab(clamp(times(sights[sight]!, linear(hex)))));
    for (let a = 0; a < seen.length; a++) {
      for (let b = a + 1; b < seen.length; b++) {
        const distance = 100 * Math.hypot(...seen[a]!.map((c, i) => c - seen[b]![i]!));
        expect(distance, `P${a + 1} and P${b + 1}`).toBeGreaterThanOrEqual(12);
      }
    }
  });

  it('of priorities stand out from the dark panel', () => {
    for (const fill of priorities) expect(contrast(fill, dark.get('--panel')!)).toBeGreaterThanOrEqual(4.5);
  });

  it('of digits and outlines are read on every fill', () => {
    for (const fill of priorities) expect(contrast(fill, common.get('--ink')!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['dark', dark],
    ['light', light],
  ])('of text are read on every surface of the %s theme', (_name, theme) => {
    for (const surface of ['--bg', '--panel', '--raise']) {
      expect(contrast(theme.get('--tx')!, theme.get(surface)!)).toBeGreaterThanOrEqual(7);
      expect(contrast(theme.get('--tx2')!, theme.get(surface)!)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(theme.get('--mut')!, theme.get(surface)!)).toBeGreaterThanOrEqual(3);
    }
  });
});
