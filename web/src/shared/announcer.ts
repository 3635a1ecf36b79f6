/** Speaks to screen readers: one message at a time, each once, at most one a second. Never give it history. */

const BETWEEN_MS = 1000;
const HIDDEN =
  "position:absolute;width:1px;height:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap";

export interface Announcer {
  /** Said when the reader is idle. */
  say(text: string): void;
  /** For failures: interrupts. */
  alert(text: string): void;
  destroy(): void;
}

/** `root` is the page's body or the shadow root that holds the interface. */
export function createAnnouncer(root: ParentNode & Node): Announcer {
  const polite = region("status", "polite");
  const assertive = region("alert", "assertive");
  root.append(polite, assertive);
  const waiting: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function next(): void {
    const text = waiting.shift();
    timer = text === undefined ? undefined : setTimeout(next, BETWEEN_MS);
    if (text !== undefined) speak(polite, text);
  }

  return {
    say(text) {
      waiting.push(text);
      if (timer === undefined) next();
    },
    alert: (text) => speak(assertive, text),
    destroy() {
      clearTimeout(timer);
      polite.remove();
      assertive.remove();
    },
  };
}

function region(role: string, live: string): HTMLElement {
  const element = document.createElement("div");
  element.setAttribute("role", role);
  element.setAttribute("aria-live", live);
  element.setAttribute("aria-atomic", "true");
  // Through CSSOM: a style attribute in markup would be stopped by a strict Content-Security-Policy.
  element.style.cssText = HIDDEN;
  return element;
}

/** A text equal to the last one would not be read again; an invisible difference makes it new. */
function speak(element: HTMLElement, text: string): void {
  element.textContent = element.textContent === text ? `${text}\u00a0` : text;
}
