/**
 * Socket.IO 5 over one WebSocket: as much of it as the widget needs, in a tenth of the library's size. Where a network
 * lets no WebSocket through, `polling.ts` takes over with the library itself.
 *
 * A frame is the type of Engine.IO (0 open, 2 ping, 3 pong, 4 message), for messages that of Socket.IO (0 connect,
 * 1 disconnect, 2 event, 3 acknowledgement, 4 refused), the id of an acknowledgement if one is wanted, and JSON.
 */

export interface WireEvents {
  /** The server has accepted the token. */
  onOpen: () => void;
  /** Also after an attempt that came to nothing. */
  onClose: () => void;
  /** The server does not take the token; `onClose` follows. */
  onRefused: () => void;
  onEvent: (name: string, payload: unknown) => void;
}

export interface Wire {
  open(): void;
  close(): void;
  emit(event: string, payload: unknown): void;
  /** Rejects if the answer is not there in time, or the line is lost before. */
  ask<T>(event: string, payload: unknown, within: number): Promise<T>;
}

export type MakeWire = (origin: string, token: () => string, events: WireEvents) => Wire;

const OPEN_WITHIN_MS = 10_000;
const MESSAGE = /^4([0-4])(\d*)([[{].*)?$/s;

interface Question {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

export const webSocketWire: MakeWire = (origin, token, events) => new WebSocketWire(origin, token, events);

class WebSocketWire implements Wire {
  private socket: WebSocket | null = null;
  private readonly questions = new Map<number, Question>();
  private asked = 0;

  constructor(
    private readonly origin: string,
    private readonly token: () => string,
    private readonly events: WireEvents,
  ) {}

  open(): void {
    if (this.socket) return;
    const address = new URL("/socket.io/?EIO=4&transport=websocket", this.origin);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    const tooLate = setTimeout(() => this.drop(socket), OPEN_WITHIN_MS);
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (socket === this.socket && this.frame(data)) clearTimeout(tooLate);
    };
    socket.onclose = () => {
      clearTimeout(tooLate);
      this.drop(socket);
    };
  }

  close(): void {
    if (this.socket) this.drop(this.socket);
  }

  emit(event: string, payload: unknown): void {
    this.send(`42${JSON.stringify([event, payload])}`);
  }

  ask<T>(event: string, payload: unknown, within: number): Promise<T> {
    const id = this.asked;
    this.asked += 1;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => this.settle(id)?.reject(new Error("no answer")), within);
      this.questions.set(id, {
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.send(`42${id}${JSON.stringify([event, payload])}`);
    });
  }

  private send(frame: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(frame);
  }

  /** True once the server has accepted us. */
  private frame(data: string): boolean {
    if (data[0] === "0") this.send(`40${JSON.stringify({ token: this.token() })}`);
    if (data === "2") this.send("3");
    if (data === "1") this.close();
    const [, type, id, json] = MESSAGE.exec(data) ?? [];
    if (type === "0") this.events.onOpen();
    else if (type === "1") this.close();
    else if (type === "2" && json) this.events.onEvent(...(JSON.parse(json) as [string, unknown]));
    else if (type === "3" && json) this.settle(Number(id))?.resolve((JSON.parse(json) as never[])[0] as never);
    else if (type === "4") {
      this.events.onRefused();
      this.close();
    }
    return type === "0";
  }

  private settle(id: number): Question | undefined {
    const question = this.questions.get(id);
    this.questions.delete(id);
    return question;
  }

  /** A dead line may take minutes to report its close, so it is forgotten at once. */
  private drop(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.socket = null;
    socket.close();
    for (const id of [...this.questions.keys()]) this.settle(id)?.reject(new Error("line lost"));
    this.events.onClose();
  }
}
