import { signal, type ReadonlySignal } from '@preact/signals';
import { Backoff } from './backoff';
import type { ServerClock } from './clock';
import type { AlarmChanged, Beat, Changes, Snapshot } from './contract';
import type { Hub, HubListener } from './hub';
import type { Applied, LiveStore } from './store';

/** `live` only while messages come: a dead socket looks open for half a minute, so its state is not asked. */
export type LinkState = 'connecting' | 'live' | 'lost';

const silenceMs = 5_000;
const openingMs = 10_000;
const rejoinPauseMs = 2_000;

export interface LinkParts {
  store: LiveStore;
  clock: ServerClock;
  /** Called after each message that changed the store. */
  changed: () => void;
  connect: (listener: HubListener) => Hub;
  now?: () => number;
  random?: () => number;
}

/** Keeps one hub connection alive and the store right: watches for silence, reconnects, joins again on a gap. */
export class LiveLink {
  private readonly linkState = signal<LinkState>('connecting');
  private readonly refused = signal<string | null>(null);
  private readonly now: () => number;
  private readonly backoff: Backoff;
  private hub: Hub | null = null;
  private zone: string | null = null;
  private heardAt: number;
  private openedAt = 0;
  private joinedAt = Number.NEGATIVE_INFINITY;
  private needsSnapshot = false;
  private retryAt: number | null = 0;

  constructor(private readonly parts: LinkParts) {
    this.now = parts.now ?? Date.now;
    this.backoff = new Backoff(parts.random);
    this.heardAt = this.now();
  }

  get state(): ReadonlySignal<LinkState> {
    return this.linkState;
  }

  /** The last zone the server would not show; null when there is none. */
  get refusedZone(): ReadonlySignal<string | null> {
    return this.refused;
  }

  /** Milliseconds since the last message of any kind. */
  silence(): number {
    return this.now() - this.heardAt;
  }

  /** Takes effect at once when connected, otherwise with the next join. */
  scope(zone: string | null): void {
    if (zone === this.zone) return;
    this.zone = zone;
    if (this.linkState.value === 'live') this.join();
  }

  /** Drives everything that depends on time; call it a few times a second. */
  step(): void {
    const now = this.now();
    if (this.hub === null) {
      if (this.retryAt !== null && now >= this.retryAt) this.open();
    } else if (this.linkState.value === 'live') {
      const unanswered = this.parts.store.awaiting && now - this.joinedAt > openingMs;
      if (now - this.heardAt > silenceMs || unanswered) this.drop();
      else if (this.needsSnapshot && now - this.joinedAt >= rejoinPauseMs) this.join();
    } else if (now - this.openedAt > openingMs) {
      this.drop();
    }
    if (this.linkState.value === 'connecting' && now - this.heardAt > silenceMs)
      this.linkState.value = 'lost';
  }

  private open(): void {
    this.retryAt = null;
    this.openedAt = this.now();
    const hub: Hub = this.parts.connect(this.listener(() => this.hub === hub));
    this.hub = hub;
    hub.open().then(
      () => this.hub === hub && this.join(),
      () => this.hub === hub && this.drop(),
    );
  }

  private join(): void {
    this.needsSnapshot = false;
    this.joinedAt = this.now();
    this.parts.store.awaitSnapshot();
    const { hub } = this;
    const { zone } = this;
    hub?.join({ zone, families: [], viewport: null }).catch(() => {
      if (this.hub !== hub) return;
      if (zone === null || zone !== this.zone) return this.drop();
      // Most likely a zone from an old link: the province is shown instead, and the page is told.
      this.refused.value = zone;
      this.zone = null;
      this.join();
    });
  }

  private drop(): void {
    const dropped = this.hub;
    this.hub = null;
    this.retryAt = this.now() + this.backoff.nextMs();
    this.parts.store.awaitSnapshot();
    // A link that broke and answers within the silence limit never turned the page yellow.
    if (this.silence() > silenceMs) this.linkState.value = 'lost';
    else if (this.linkState.value === 'live') this.linkState.value = 'connecting';
    dropped?.close();
  }

  private listener(current: () => boolean): HubListener {
    const { store } = this.parts;
    const heard = (serverTime: number) => {
      this.heardAt = this.now();
      this.parts.clock.observe(serverTime);
    };
    const judge = (applied: Applied) => {
      if (applied === 'applied') this.parts.changed();
      else if (applied === 'gap') this.askAgain();
    };
    const on =
      <M extends { serverTime: number }>(apply: (message: M) => void) =>
      (message: M) => {
        if (!current()) return;
        heard(message.serverTime);
        apply(message);
      };
    return {
      snapshot: on((message: Snapshot) => {
        if (this.linkState.value !== 'live') this.parts.clock.reset();
        this.parts.clock.observe(message.serverTime);
        store.applySnapshot(message);
        this.backoff.reset();
        this.linkState.value = 'live';
        this.parts.changed();
      }),
      changes: on((message: Changes) => judge(store.applyChanges(message))),
      alarm: on((message: AlarmChanged) => judge(store.applyAlarm(message))),
      beat: on((message: Beat) => judge(store.applyBeat(message))),
      closed: () => current() && this.drop(),
    };
  }

  private askAgain(): void {
    if (this.now() - this.joinedAt >= rejoinPauseMs) this.join();
    else this.needsSnapshot = true;
  }
}
