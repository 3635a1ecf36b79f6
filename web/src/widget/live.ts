/** The answer that is being written: drawn at most every 80 ms, gone once it stands as a message. */
import type { Piece } from "./protocol";

const DRAW_MS = 80;
/** Without news for so long nothing more will come: the turn failed, or the line was down when it ended. */
const GONE_MS = 30_000;

export class Live {
  now: Piece | null = null;
  /** The customer has stopped it, and the message is on its way. */
  stopping = false;

  private next: Piece | null = null;
  private drawnAt = 0;
  private drawing: ReturnType<typeof setTimeout> | undefined;
  private giveUp: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: () => void) {}

  take(piece: Piece): void {
    if (piece.message_id !== (this.next ?? this.now)?.message_id) this.stopping = false;
    this.next = piece;
    clearTimeout(this.giveUp);
    this.giveUp = setTimeout(() => this.end(), GONE_MS);
    clearTimeout(this.drawing);
    this.drawing = setTimeout(() => this.draw(), Math.max(0, this.drawnAt + DRAW_MS - Date.now()));
  }

  private draw(): void {
    this.now = this.next;
    this.next = null;
    this.drawnAt = Date.now();
    this.changed();
  }

  stop(): void {
    this.stopping = true;
    this.changed();
  }

  /** The stop came to nothing. */
  goOn(): void {
    this.stopping = false;
    this.changed();
  }

  end(): void {
    clearTimeout(this.drawing);
    clearTimeout(this.giveUp);
    this.stopping = false;
    this.next = null;
    if (!this.now) return;
    this.now = null;
    this.changed();
  }
}
