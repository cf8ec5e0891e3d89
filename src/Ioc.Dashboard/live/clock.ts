import { signal } from '@preact/signals';

/** Estimates the server's clock from beats; every age on the page is measured with it. */
export class ServerClock {
  private readonly samples: number[] = [];
  private offset = 0;

  constructor(private readonly local: () => number = Date.now) {}

  /** Unix milliseconds on the server's clock. */
  now(): number {
    return this.local() + this.offset;
  }

  /** Server minus local, in milliseconds. */
  get offsetMs(): number {
    return this.offset;
  }

  observe(serverTime: number): void {
    this.samples.push(serverTime - this.local());
    if (this.samples.length > 30) this.samples.shift();
    // Delay on the way only ever makes the server look older: the largest difference is the least delayed.
    this.offset = Math.max(...this.samples);
  }

  /** A new connection may be a server with another clock. */
  reset(): void {
    this.samples.length = 0;
  }
}

export const clock = new ServerClock();

/** The server's time, moved once a second: whatever shows a clock or an age reads it. */
export const second = signal(clock.now());

export function startClock(): void {
  const tick = () => {
    second.value = clock.now();
    setTimeout(tick, 1000 - (second.value % 1000) + 5);
  };
  tick();
}
