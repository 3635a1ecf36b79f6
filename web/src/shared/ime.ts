/** Hangul and the keyboard: what of a key press belongs to the input method, and what to us. */

/** Some browsers report a key that the input method took only by this code (Safari: even after compositionend). */
const TAKEN_BY_IME = 229;

/** Whether the input method takes this key; then it is not ours, and must not be prevented either. */
export function takenByIme(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === TAKEN_BY_IME;
}

/** Enter of either block of keys, whatever name the input method gave it. */
export function isEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter";
}

/**
 * Wraps a handler of Enter, Esc, Tab, Space or arrows outside the composer (menus, search, forms, dialogs), so that it
 * never sees a key that ends or moves within a syllable being composed.
 */
export function imeSafe<E extends KeyboardEvent>(handler: (event: E) => void): (event: E) => void {
  return (event) => {
    if (!takenByIme(event)) handler(event);
  };
}
