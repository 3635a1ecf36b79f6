/** PCM of the line: signed 16 bit, little endian, mono, 16 kHz; the browser's is floating point at a rate of its own. */

export const LINE_RATE = 16_000;

/** To any lower rate by averaging what falls into one sample; keeps its place between blocks. */
export class Resampler {
  private readonly step: number;
  private at = 0;
  private sum = 0;
  private count = 0;

  constructor(from: number, to = LINE_RATE) {
    this.step = to / from;
  }

  push(block: Float32Array, emit: (sample: number) => void): void {
    for (const sample of block) {
      this.sum += sample;
      this.count += 1;
      this.at += this.step;
      while (this.at >= 1) {
        this.at -= 1;
        emit(this.count ? this.sum / this.count : sample);
        this.sum = 0;
        this.count = 0;
      }
    }
  }
}

export function toInt16(sample: number): number {
  const limited = Math.max(-1, Math.min(1, sample));
  return Math.round(limited < 0 ? limited * 32_768 : limited * 32_767);
}

export function toFloats(pcm: ArrayBuffer): Float32Array<ArrayBuffer> {
  const view = new DataView(pcm);
  const floats = new Float32Array(Math.floor(pcm.byteLength / 2));
  for (let index = 0; index < floats.length; index += 1) floats[index] = view.getInt16(index * 2, true) / 32_768;
  return floats;
}
