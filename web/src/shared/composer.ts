/**
 * The Hangul composer guard: one press of Enter is one message, last syllable included, in every order in which browsers
 * report it. The orders, after typing 안녕 with 녕 still composing:
 *
 *   Chrome, Edge   keydown 229 isComposing -> compositionend -> keydown 13 (-> beforeinput insertLineBreak)
 *   Safari         compositionend -> keydown 229, not composing (-> beforeinput insertLineBreak)
 *   iOS            often no composition events at all; clearing may leave the last syllable behind
 *   Android        keydown 229 for everything; compositionend may be lost
 */
import { isEnter, takenByIme } from "./ime";

/** After this time what shows up in the field was typed, and is no left-over. */
const RESIDUE_MS = 100;

export interface ComposerOptions {
  /** Takes the text; the field is empty by then. Blank text never comes. */
  onSubmit: (text: string) => void;
  /** Called after every change of the field's text, our own included. */
  onInput?: (text: string) => void;
  /** Whether a bare Enter sends; with `modifier` only together with Ctrl or Cmd. Asked at each press. */
  enter?: () => "send" | "modifier" | "newline";
  /** Told whenever a syllable stayed behind after sending. It should never be. */
  onResidue?: (count: number) => void;
}

export interface Composer {
  /** For the send button. */
  submit(): void;
  /** Replaces the text (a draft, another conversation); ends a composition first. */
  setText(text: string): void;
  /** Puts text at the caret as one undo step, without sending. */
  insert(text: string): void;
  text(): string;
  readonly composing: boolean;
  /** How often the last syllable stayed behind. */
  readonly residue: number;
  destroy(): void;
}

let hardwareKeys = false;

/** On-screen keyboards name no physical key, or report 229 for all; Ctrl, Alt, Tab and the like they don't have at all. */
export function isHardwareKey(event: KeyboardEvent): boolean {
  const physical = event.code !== "" && event.keyCode !== 229 && event.isTrusted;
  return physical && (/^(Key|Digit|Arrow|Control|Alt|Meta|Tab|Escape)/.test(event.code) || event.ctrlKey || event.metaKey);
}

/** Touch screens without a hardware keyboard: Enter is a new line and the button sends, as in KakaoTalk. */
export function enterByDevice(): "send" | "newline" {
  return matchMedia("(pointer: coarse)").matches && !hardwareKeys ? "newline" : "send";
}

export function guardComposer(field: HTMLTextAreaElement, options: ComposerOptions): Composer {
  return new ComposerGuard(field, options);
}

class ComposerGuard implements Composer {
  composing = false;
  residue = 0;
  private imeEnter: { shift: boolean } | null = null;
  private pressUsed = false;
  private lastSent: { syllable: string; at: number } | null = null;
  private readonly stop = new AbortController();

  constructor(
    private readonly field: HTMLTextAreaElement,
    private readonly options: ComposerOptions,
  ) {
    const { signal } = this.stop;
    field.addEventListener("compositionstart", () => (this.composing = true), { signal });
    field.addEventListener("compositionend", () => (this.composing = false), { signal });
    field.addEventListener("blur", () => (this.composing = false), { signal });
    field.addEventListener("input", (event) => this.input(event as InputEvent), { signal });
    field.addEventListener("keydown", (event) => this.keydown(event), { signal });
    field.addEventListener("keyup", () => this.released(), { signal });
    field.addEventListener("beforeinput", (event) => this.beforeinput(event as InputEvent), { signal });
  }

  text(): string {
    return this.field.value;
  }

  /** Reads the field itself, as a copy of its text may lag behind the input method. */
  submit(): void {
    this.endComposition();
    const text = this.field.value;
    if (!text.trim()) return;
    this.write("");
    this.lastSent = { syllable: [...text.trimEnd()].at(-1) ?? "", at: performance.now() };
    this.options.onSubmit(text);
  }

  setText(text: string): void {
    if (text === this.field.value) return;
    this.endComposition();
    this.write(text);
  }

  insert(text: string): void {
    this.endComposition();
    this.field.focus();
    const { selectionStart: from, selectionEnd: to } = this.field;
    // execCommand is the one way that keeps the field's own undo stack.
    const undoable = typeof document.execCommand === "function" && document.execCommand("insertText", false, text);
    if (!undoable) {
      this.field.setRangeText(text, from, to, "end");
      this.options.onInput?.(this.field.value);
    }
  }

  destroy(): void {
    this.stop.abort();
  }

  private write(text: string): void {
    this.field.value = text;
    this.options.onInput?.(text);
  }

  private input(event: InputEvent): void {
    // Heals the flag where compositionend was lost.
    if (event.isComposing === false) this.composing = false;
    if (this.isResidue()) {
      this.residue += 1;
      this.field.value = "";
      this.options.onResidue?.(this.residue);
    }
    this.options.onInput?.(this.field.value);
  }

  private isResidue(): boolean {
    const sent = this.lastSent;
    if (!sent || !sent.syllable || performance.now() - sent.at > RESIDUE_MS) return false;
    return this.field.value === sent.syllable;
  }

  private keydown(event: KeyboardEvent): void {
    hardwareKeys ||= isHardwareKey(event);
    if (isEnter(event)) this.enterPressed(event);
    else this.otherPressed();
  }

  private enterPressed(event: KeyboardEvent): void {
    if (takenByIme(event)) {
      this.imeEnter = { shift: event.shiftKey };
      return;
    }
    if (!this.sends(event)) return;
    event.preventDefault();
    if (event.repeat || this.pressUsed) return;
    this.pressUsed = true;
    this.submit();
  }

  private sends(event: KeyboardEvent): boolean {
    if (event.shiftKey || event.altKey) return false;
    const enter = this.enter();
    return enter === "send" || (enter === "modifier" && (event.ctrlKey || event.metaKey));
  }

  private enter(): "send" | "modifier" | "newline" {
    return (this.options.enter ?? enterByDevice)();
  }

  private otherPressed(): void {
    this.released();
    // Somebody types: what appears from here on is meant.
    this.lastSent = null;
  }

  private released(): void {
    this.pressUsed = false;
    this.imeEnter = null;
  }

  /** Serves browsers whose only keydown was that of the input method. A mere confirmation gives no line break. */
  private beforeinput(event: InputEvent): void {
    if (event.inputType !== "insertLineBreak" && event.inputType !== "insertParagraph") return;
    if (this.composing || event.isComposing || !this.imeEnter || this.imeEnter.shift) return;
    if (this.enter() !== "send") return;
    event.preventDefault();
    if (this.pressUsed) return;
    this.pressUsed = true;
    this.submit();
  }

  /** Clearing during a composition would leave its syllable behind; leaving the field commits it. */
  private endComposition(): void {
    if (!this.composing) return;
    const root = this.field.getRootNode() as Document | ShadowRoot;
    if (root.activeElement !== this.field) return;
    if (matchMedia("(pointer: coarse)").matches) this.throughGhost(root);
    else {
      this.field.blur();
      this.field.focus({ preventScroll: true });
    }
    this.composing = false;
  }

  /** On touch a blur would fold the keyboard away: focus goes to another field of the same root, and back. */
  private throughGhost(root: Document | ShadowRoot): void {
    const ghost = document.createElement("input");
    ghost.tabIndex = -1;
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.cssText = "position:absolute;width:1px;height:1px;opacity:0;border:0;padding:0;font-size:16px";
    (this.field.parentElement ?? (root instanceof Document ? root.body : root)).append(ghost);
    ghost.focus({ preventScroll: true });
    requestAnimationFrame(() => {
      this.field.focus({ preventScroll: true });
      ghost.remove();
    });
  }
}
