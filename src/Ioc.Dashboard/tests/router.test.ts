import { describe, expect, it } from 'vitest';
import { url } from '../api/request';
import { devicePath, parsePath, withQuery } from '../views/router';

describe('the router', () => {
  it.each([
    ['/', { page: 'overview' }],
    ['/alarms', { page: 'alarms', id: null }],
    ['/alarms/42', { page: 'alarms', id: 42 }],
    ['/alarms/x', { page: 'unknown' }],
    ['/devices', { page: 'devices' }],
    ['/devices/CS-0001', { page: 'device', id: 'CS-0001' }],
    ['/profiles', { page: 'profiles' }],
    ['/profiles/x', { page: 'unknown' }],
    ['/quarantine', { page: 'quarantine' }],
    ['/system/', { page: 'system' }],
    ['/registry', { page: 'registry', tab: 'strangers' }],
    ['/registry/firmware', { page: 'registry', tab: 'firmware' }],
    ['/registry/x', { page: 'unknown' }],
    ['/nowhere', { page: 'unknown' }],
    ['/devices/a/b', { page: 'unknown' }],
    ['/devices/%E0%A4%A', { page: 'device', id: '%E0%A4%A' }],
  ])('reads %s', (path, route) => {
    expect(parsePath(path)).toEqual(route);
  });

  it('brings back an id that holds escapes of its own', () => {
    const id = 'site~m%2Fa b';
    expect(parsePath(devicePath(id))).toEqual({ page: 'device', id });
  });

  it('changes what it is told and leaves out what is empty', () => {
    expect(withQuery('?zone=quy-nhon&q=a', { q: '', family: 'air' })).toBe('?zone=quy-nhon&family=air');
    expect(withQuery('?q=a', { q: null })).toBe('');
  });
});

describe('an API address', () => {
  it('escapes values and leaves out what is not asked', () => {
    expect(url('/api/devices', { q: 'bồng & sơn', zone: null, state: '', limit: 5 })).toBe(
      '/api/devices?q=b%E1%BB%93ng+%26+s%C6%A1n&limit=5',
    );
    expect(url('/api/zones')).toBe('/api/zones');
  });
});
