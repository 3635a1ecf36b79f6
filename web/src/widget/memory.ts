/** What the widget remembers in this browser: the token of the conversation, and what the customer was about to say. */
import type { FormValues, Session } from "./protocol";

export interface Remembered {
  session?: Session;
  draft?: string;
  /** The last seq that the customer saw. */
  seen?: number;
  feedback?: Record<string, "up" | "down">;
  wide?: boolean;
  /** What was filled into a form and not sent. */
  form?: { id: string; values: FormValues } | undefined;
}

export class Memory {
  private value: Remembered;

  constructor(private readonly key: string) {
    this.value = this.read();
  }

  get<K extends keyof Remembered>(name: K): Remembered[K] {
    return this.value[name];
  }

  set(change: Partial<Remembered>): void {
    // Another tab may have written meanwhile.
    this.value = { ...this.value, ...this.read(), ...change };
    this.write();
  }

  forget(): void {
    this.value = {};
    this.write();
  }

  private read(): Remembered {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "{}") as Remembered;
    } catch {
      return {};
    }
  }

  private write(): void {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.value));
    } catch {
      // Refused: it lives as long as the page.
    }
  }
}
