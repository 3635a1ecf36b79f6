import { beforeEach, expect, it, vi } from "vitest";
import { Resampler, toFloats, toInt16 } from "./pcm";
import { Playback } from "./playback";

function resampled(from: number, samples: number): number[] {
  const out: number[] = [];
  const resampler = new Resampler(from);
  const block = new Float32Array(128).fill(0.5);
  for (let done = 0; done < samples; done += 128) resampler.push(block, (sample) => out.push(sample));
  return out;
}

it.each([
  [16_000, 16_000],
  [48_000, 48_000],
  [44_100, 44_100],
])("gives 16,000 samples for a second at %i Hz, at the same level", (rate, samples) => {
  const out = resampled(rate, samples);
  expect(Math.abs(out.length - 16_000)).toBeLessThanOrEqual(46);
  expect(Math.max(...out)).toBeCloseTo(0.5);
  expect(Math.min(...out)).toBeCloseTo(0.5);
});

it("keeps the extremes within 16 bit, little endian", () => {
  expect([toInt16(2), toInt16(-2), toInt16(0)]).toEqual([32_767, -32_768, 0]);
  expect([...toFloats(new Uint8Array([0x00, 0x80, 0xff, 0x7f]).buffer)]).toEqual([-1, 32_767 / 32_768]);
});

class FakeSource {
  buffer: { duration: number } | null = null;
  onended: (() => void) | null = null;
  startsAt = -1;
  stopped = false;
  connect(): void {}
  start(at: number): void {
    this.startsAt = at;
  }
  stop(): void {
    this.stopped = true;
    this.onended?.();
  }
}

let sources: FakeSource[];
let playback: Playback;
const onMark = vi.fn();
const onActive = vi.fn();

beforeEach(() => {
  sources = [];
  onMark.mockReset();
  onActive.mockReset();
  const sounds = {
    currentTime: 10,
    destination: {},
    createBuffer: (_: number, length: number, rate: number) => ({ duration: length / rate, copyToChannel: () => undefined }),
    createBufferSource: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
  };
  playback = new Playback(sounds as unknown as AudioContext, onMark, onActive);
});

const second = (): ArrayBuffer => new ArrayBuffer(32_000);

it("plays pieces one after the other, without a gap", () => {
  playback.add(second());
  playback.add(second());
  expect(sources.map((source) => source.startsAt)).toEqual([10.06, 11.06]);
});

it("reports a mark when everything before it was heard, at once if nothing is left", () => {
  playback.mark("nothing");
  expect(onMark).toHaveBeenLastCalledWith("nothing");
  playback.add(second());
  playback.add(second());
  playback.mark("answer");
  sources[0]?.onended?.();
  expect(onMark).toHaveBeenCalledTimes(1);
  sources[1]?.onended?.();
  expect(onMark).toHaveBeenLastCalledWith("answer");
});

it("falls silent on clear, and claims nothing of it as heard", () => {
  playback.add(second());
  playback.mark("answer");
  playback.clear();
  expect(sources[0]?.stopped).toBe(true);
  expect(onMark).not.toHaveBeenCalled();
  expect(onActive.mock.calls).toEqual([[true], [false]]);
});
