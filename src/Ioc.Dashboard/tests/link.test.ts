import { beforeEach, describe, expect, it } from 'vitest';
import { Backoff } from '../live/backoff';
import { ServerClock } from '../live/clock';
import type { JoinRequest } from '../live/contract';
import type { Hub, HubListener } from '../live/hub';
import { LiveLink } from '../live/link';
import { LiveStore } from '../live/store';
import { alarm, snapshot } from './samples';

/** A hub that does what the test says, in the test's time. */
class FakeHub implements Hub {
  joins: JoinRequest[] = [];
  refuses: string | null = null;
  closed = false;
  opens = true;

  constructor(readonly listener: HubListener) {}

  open(): Promise<void> {
    return this.opens ? Promise.resolve() : Promise.reject(new Error('refused'));
  }

  join(request: JoinRequest): Promise<void> {
    this.joins.push(request);
    return request.zone !== null && request.zone === this.refuses
      ? Promise.reject(new Error('no such zone'))
      : Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

let now = 0;
let hubs: FakeHub[] = [];
let reachable = true;
let store: LiveStore;
let link: LiveLink;

beforeEach(() => {
  now = 1_000_000;
  hubs = [];
  reachable = true;
  store = new LiveStore();
  link = new LiveLink({
    store,
    clock: new ServerClock(() => now),
    changed: () => undefined,
    now: () => now,
    random: () => 0.5,
    connect: (listener) => {
      const hub = new FakeHub(listener);
      hub.opens = reachable;
      hubs.push(hub);
      return hub;
    },
  });
});

const hub = () => hubs.at(-1)!;
const settled = () => new Promise<void>((done) => setTimeout(done));

async function goLive(): Promise<void> {
  link.step();
  await settled();
  hub().listener.snapshot(snapshot(1));
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 250) {
    now += Math.min(250, left);
    link.step();
    await settled();
  }
}

describe('the live link', () => {
  it('joins after opening and is live with the snapshot', async () => {
    link.step();
    await settled();
    expect(hub().joins).toEqual([{ zone: null, families: [], viewport: null }]);
    expect(link.state.value).toBe('connecting');
    hub().listener.snapshot(snapshot(1));
    expect(link.state.value).toBe('live');
  });

  it('is lost after five silent seconds although the socket looks open', async () => {
    await goLive();
    await pass(5_000);
    expect(link.state.value).toBe('live');
    await pass(500);
    expect(link.state.value).toBe('lost');
    expect(hubs[0]!.closed).toBe(true);
  });

  it('stays live on beats alone', async () => {
    await goLive();
    for (let seq = 2; seq < 20; seq++) {
      await pass(2_000);
      hub().listener.beat({ seq, serverTime: now });
    }
    expect(link.state.value).toBe('live');
    expect(hubs).toHaveLength(1);
  });

  it('comes back with a fresh snapshot that keeps what it had', async () => {
    await goLive();
    const kept = store.info(1);
    await pass(5_500);
    await pass(1_000);
    expect(hubs).toHaveLength(2);
    expect(link.state.value).toBe('lost');
    hub().listener.snapshot(snapshot(1, { alarms: [alarm(9)] }));
    expect(link.state.value).toBe('live');
    expect(store.info(1)).toBe(kept);
    expect(store.alarms.has(9)).toBe(true);
  });

  it('joins again when a number is missing, but not for every late message', async () => {
    await goLive();
    await pass(3_000);
    hub().listener.beat({ seq: 5, serverTime: now });
    expect(hub().joins).toHaveLength(2);
    hub().listener.beat({ seq: 7, serverTime: now });
    expect(hub().joins).toHaveLength(2);
    hub().listener.snapshot(snapshot(8));
    hub().listener.beat({ seq: 11, serverTime: now });
    expect(hub().joins).toHaveLength(2);
    await pass(2_000);
    expect(hub().joins).toHaveLength(3);
  });

  it('leaves a server that beats but never answers the join', async () => {
    await goLive();
    await pass(3_000);
    hub().listener.beat({ seq: 9, serverTime: now });
    for (let seq = 10; seq < 17; seq++) {
      await pass(2_000);
      hubs[0]!.listener.beat({ seq, serverTime: now });
    }
    expect(hubs[0]!.closed).toBe(true);
  });

  it('hears nothing from a connection it has left', async () => {
    await goLive();
    await pass(7_000);
    hubs[0]!.listener.snapshot(snapshot(1, { build: 'late' }));
    expect(store.build).toBe('b1');
    expect(link.state.value).toBe('lost');
  });

  it('tries again and again while the server is away', async () => {
    reachable = false;
    await pass(60_000);
    expect(link.state.value).toBe('lost');
    expect(hubs.length).toBeGreaterThan(5);
    expect(hubs.length).toBeLessThan(12);
  });

  it('shows the province when the server knows no such zone', async () => {
    await goLive();
    hub().refuses = 'gone';
    link.scope('gone');
    await settled();
    expect(link.refusedZone.value).toBe('gone');
    expect(hub().joins.map(({ zone }) => zone)).toEqual([null, 'gone', null]);
    expect(hubs).toHaveLength(1);
  });

  it('joins the new zone at once', async () => {
    await goLive();
    link.scope('an-nhon');
    expect(hub().joins.at(-1)).toEqual({ zone: 'an-nhon', families: [], viewport: null });
    expect(store.awaiting).toBe(true);
  });
});

describe('the back-off', () => {
  it('doubles from half a second to thirty, with jitter', () => {
    const middle = new Backoff(() => 0.5);
    expect(Array.from({ length: 8 }, () => middle.nextMs())).toEqual([
      500, 1000, 2000, 4000, 8000, 16000, 30000, 30000,
    ]);
    const low = new Backoff(() => 0);
    const high = new Backoff(() => 1);
    expect([low.nextMs(), high.nextMs()]).toEqual([400, 600]);
  });
});

describe('the server clock', () => {
  it('takes the least delayed of the last beats', () => {
    let local = 0;
    const clock = new ServerClock(() => local);
    for (const [received, server] of [
      [1_000, 61_000 - 300],
      [3_000, 63_000 - 20],
      [5_000, 65_000 - 900],
    ] as const) {
      local = received;
      clock.observe(server);
    }
    expect(clock.offsetMs).toBe(59_980);
    expect(clock.now()).toBe(64_980);
  });
});
