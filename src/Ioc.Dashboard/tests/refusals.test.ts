import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi as spy } from 'vitest';
import { readRefusals } from '../api/ingest';
import { countsText } from '../components/Refusals';
import { language } from '../text/text';
import { vi } from '../text/vi';

afterEach(() => {
  language.value = 'vi';
  spy.unstubAllGlobals();
});

describe('refusals', () => {
  it('have a word for every reason the server knows', () => {
    const source = readFileSync('../Ioc.Broker/BrokerCounters.cs', 'utf8');
    const body = /enum Refusal\s*\{([^}]*)\}/.exec(source)![1]!;
    const reasons = [...body.matchAll(/^\s*([A-Z]\w+),$/gm)].map(
      ([, name]) => name![0]!.toLowerCase() + name!.slice(1),
    );
    expect(reasons.length).toBeGreaterThan(15);
    expect(reasons.filter((reason) => !(`refusal.${reason}` in vi))).toEqual([]);
  });

  it('list the most frequent reason first, in the words of the language, and an unknown one as it is', () => {
    expect(countsText({ notAuthorized: 2, banned: 1_500, brandNew: 1 })).toBe(
      'Đang bị cấm: 1.500; Sai tên hoặc mật khẩu: 2; brandNew: 1',
    );
    language.value = 'en';
    expect(countsText({ notAuthorized: 2 })).toBe('Wrong name or password: 2');
  });

  it('are asked for one device only where one is named', async () => {
    const asked: string[] = [];
    spy.stubGlobal('fetch', (to: string) => {
      asked.push(to);
      return Promise.resolve(new Response('{"items":[],"next":null}'));
    });
    await readRefusals(null, 10, new AbortController().signal);
    await readRefusals('a b', 10, new AbortController().signal);
    expect(asked).toEqual(['/api/ingest/refusals?limit=10', '/api/ingest/refusals?device=a+b&limit=10']);
  });
});
