/** One call over `/voice/browser`: microphone out, answers in. docs/reference/web-chat.md, "The microphone". */
import captureUrl from "./capture.worklet?worker&url";
import { LINE_RATE } from "./pcm";
import { Playback } from "./playback";

export type CallState = "connecting" | "listening" | "hearing" | "speaking";
/** Why a call ended otherwise than by hanging up. */
export type CallProblem = "denied" | "no-microphone" | "unreachable" | "lost";

export interface CallOptions {
  origin: string;
  token: string;
  onState: (state: CallState) => void;
  /** What was understood last, for the caller's eyes. */
  onHeard: (text: string) => void;
  onEnd: (problem?: CallProblem) => void;
}

type Frame =
  | { type: "ready" | "speech_start" | "speech_end" | "clear" }
  | { type: "transcript"; text: string; final?: boolean }
  | { type: "bot"; text: string }
  | { type: "mark"; name: string }
  | { type: "end"; reason?: string };

export class Call {
  private socket: WebSocket | null = null;
  private sounds: AudioContext | null = null;
  private microphone: MediaStream | null = null;
  private playback: Playback | null = null;
  private ready = false;
  private over = false;
  muted = false;

  constructor(private readonly options: CallOptions) {}

  async start(): Promise<void> {
    this.options.onState("connecting");
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
    } catch (error) {
      this.end((error as DOMException).name === "NotAllowedError" ? "denied" : "no-microphone");
      return;
    }
    try {
      await this.listen(this.microphone);
      if (!this.over) this.dial();
    } catch {
      this.end("unreachable");
    }
  }

  mute(muted: boolean): void {
    this.muted = muted;
    for (const track of this.microphone?.getTracks() ?? []) track.enabled = !muted;
  }

  hangUp(): void {
    this.send({ type: "stop" });
    this.end();
  }

  private async listen(microphone: MediaStream): Promise<void> {
    const sounds = makeSounds();
    this.sounds = sounds;
    await sounds.audioWorklet.addModule(captureUrl);
    await sounds.resume();
    const capture = new AudioWorkletNode(sounds, "sangdam-capture", { numberOfOutputs: 0 });
    capture.port.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      if (this.ready && this.socket?.readyState === WebSocket.OPEN) this.socket.send(event.data);
    };
    sounds.createMediaStreamSource(microphone).connect(capture);
    this.playback = new Playback(
      sounds,
      (name) => this.send({ type: "mark", name }),
      (active) => this.options.onState(active ? "speaking" : "listening"),
    );
  }

  private dial(): void {
    const address = new URL("/voice/browser", this.options.origin);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => this.send({ type: "start", token: this.options.token, sample_rate: LINE_RATE });
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
      if (typeof event.data === "string") this.told(JSON.parse(event.data) as Frame);
      else this.playback?.add(event.data);
    };
    socket.onclose = () => this.end(this.ready ? "lost" : "unreachable");
  }

  private told(frame: Frame): void {
    const { onState, onHeard } = this.options;
    if (frame.type === "ready") {
      this.ready = true;
      onState("listening");
    } else if (frame.type === "speech_start") onState("hearing");
    else if (frame.type === "speech_end") onState("listening");
    else if (frame.type === "clear") this.playback?.clear();
    else if (frame.type === "mark") this.playback?.mark(frame.name);
    else if (frame.type === "transcript") onHeard(frame.text);
    else if (frame.type === "end") this.end(this.problemOf(frame.reason));
  }

  /** A call refused before it began, or ended by the server's own going, is a problem; a goodbye is none. */
  private problemOf(reason: string | undefined): CallProblem | undefined {
    if (!this.ready) return "unreachable";
    return reason === "server_stopped" || reason === "failed" ? "lost" : undefined;
  }

  private send(frame: Record<string, unknown>): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private end(problem?: CallProblem): void {
    if (this.over) return;
    this.over = true;
    this.playback?.clear();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    void this.sounds?.close();
    this.socket?.close();
    this.options.onEnd(problem);
  }
}

/** At the line's own rate where the browser can; otherwise the capture worklet converts. */
function makeSounds(): AudioContext {
  try {
    return new AudioContext({ sampleRate: LINE_RATE });
  } catch {
    return new AudioContext();
  }
}
