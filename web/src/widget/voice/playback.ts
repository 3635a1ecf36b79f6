/** Plays what comes in, piece after piece, and knows what was heard and what can still be thrown away. */
import { LINE_RATE, toFloats } from "./pcm";

/** Head start of the first piece, so that the next ones arrive in time. */
const LEAD_S = 0.06;

type Sounds = Pick<AudioContext, "createBuffer" | "createBufferSource" | "destination"> & { readonly currentTime: number };

export class Playback {
  private endsAt = 0;
  private readonly playing = new Set<AudioBufferSourceNode>();
  private last: AudioBufferSourceNode | null = null;
  private marks = new Map<AudioBufferSourceNode, string[]>();

  constructor(
    private readonly sounds: Sounds,
    private readonly onMark: (name: string) => void,
    private readonly onActive: (active: boolean) => void,
  ) {}

  add(pcm: ArrayBuffer): void {
    const samples = toFloats(pcm);
    if (!samples.length) return;
    const buffer = this.sounds.createBuffer(1, samples.length, LINE_RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.sounds.createBufferSource();
    source.buffer = buffer;
    source.connect(this.sounds.destination);
    const startsAt = Math.max(this.sounds.currentTime + (this.playing.size ? 0 : LEAD_S), this.endsAt);
    this.endsAt = startsAt + buffer.duration;
    source.onended = () => this.ended(source);
    if (!this.playing.size) this.onActive(true);
    this.playing.add(source);
    this.last = source;
    source.start(startsAt);
  }

  /** Reported once everything added before it was heard. */
  mark(name: string): void {
    if (!this.last) this.onMark(name);
    else this.marks.set(this.last, [...(this.marks.get(this.last) ?? []), name]);
  }

  /** The caller speaks over it: silence at once, and nothing of it counts as heard. */
  clear(): void {
    const stopped = [...this.playing];
    this.playing.clear();
    this.marks.clear();
    this.last = null;
    this.endsAt = 0;
    for (const source of stopped) source.stop();
    if (stopped.length) this.onActive(false);
  }

  private ended(source: AudioBufferSourceNode): void {
    if (!this.playing.delete(source)) return;
    const names = this.marks.get(source) ?? [];
    this.marks.delete(source);
    if (this.last === source) this.last = null;
    for (const name of names) this.onMark(name);
    if (!this.playing.size) this.onActive(false);
  }
}
