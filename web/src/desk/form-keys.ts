import { imeSafe, isEnter } from "../shared/ime";

/** Keys of a small form in place: Enter keeps, Esc leaves, and neither does anything else on the page. */
export function formKeys(keep: () => unknown, leave: () => void): (event: KeyboardEvent) => void {
  return imeSafe((event: KeyboardEvent) => {
    if (isEnter(event)) void keep();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
