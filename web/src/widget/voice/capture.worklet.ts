/** Runs on the audio thread: the microphone as frames of the line's PCM. */
import { Resampler, toInt16 } from "./pcm";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** 40 ms. */
const FRAME = 640;

class Capture extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate);
  private frame = new DataView(new ArrayBuffer(FRAME * 2));
  private filled = 0;

  process(inputs: Float32Array[][]): boolean {
    const block = inputs[0]?.[0];
    if (block) this.resampler.push(block, (sample) => this.add(sample));
    return true;
  }

  private add(sample: number): void {
    this.frame.setInt16(this.filled * 2, toInt16(sample), true);
    this.filled += 1;
    if (this.filled < FRAME) return;
    this.port.postMessage(this.frame.buffer, [this.frame.buffer]);
    this.frame = new DataView(new ArrayBuffer(FRAME * 2));
    this.filled = 0;
  }
}

registerProcessor("sangdam-capture", Capture);
