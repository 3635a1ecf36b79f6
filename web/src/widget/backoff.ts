/** Half a second, doubling to half a minute, each spread by a quarter so that a restarted server is not stormed. */
export class Backoff {
  private attempt = 0;

  constructor(
    private readonly first = 500,
    private readonly most = 30_000,
    private readonly random: () => number = Math.random,
  ) {}

  next(): number {
    const base = Math.min(this.most, this.first * 2 ** this.attempt);
    this.attempt += 1;
    return base * (0.75 + this.random() / 2);
  }

  reset(): void {
    this.attempt = 0;
  }
}
