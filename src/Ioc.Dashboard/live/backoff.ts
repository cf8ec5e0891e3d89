const firstMs = 500;
const mostMs = 30_000;

/** Half a second, doubling to thirty, each ±20 % so that a city of clients does not return in one instant. */
export class Backoff {
  private attempt = 0;

  constructor(private readonly random: () => number = Math.random) {}

  nextMs(): number {
    const plain = Math.min(mostMs, firstMs * 2 ** this.attempt++);
    return Math.round(Math.min(mostMs, plain * (0.8 + 0.4 * this.random())));
  }

  reset(): void {
    this.attempt = 0;
  }
}
