import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { imeSafe } from "../shared/ime";
import type { Button } from "./protocol";
import { TEXT } from "./texts";

/** Under the last words of the bot; pressing one says it. One stop of Tab, arrows move within. */
export function QuickReplies({ buttons, onPress }: { buttons: Button[]; onPress: (button: Button) => void }): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  const move = imeSafe((event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...(row.current?.querySelectorAll("button") ?? [])];
    const next = all[(all.indexOf(event.target as HTMLButtonElement) + step + all.length) % all.length];
    for (const button of all) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
  });
  return (
    <div ref={row} class="quick" role="group" aria-label={TEXT.quick} onKeyDown={move}>
      {buttons.map((button, index) => (
        <button type="button" tabIndex={index ? -1 : 0} onClick={() => onPress(button)}>
          {button.title}
        </button>
      ))}
    </div>
  );
}
