import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { imeSafe } from "../shared/ime";
import { absolute } from "./address";
import type { Button } from "./protocol";
import { TEXT } from "./texts";

interface Props {
  buttons: Button[];
  origin: string;
  onPress: (button: Button) => void;
}

/** Under the last words of the bot; pressing one says it. One stop of Tab, arrows move within. */
export function QuickReplies({ buttons, origin, onPress }: Props): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  const move = imeSafe((event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...(row.current?.querySelectorAll<HTMLElement>("button, a") ?? [])];
    const next = all[(all.indexOf(event.target as HTMLElement) + step + all.length) % all.length];
    for (const button of all) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
  });
  return (
    <div ref={row} class="quick" role="group" aria-label={TEXT.quick} onKeyDown={move}>
      {buttons.map((button, index) =>
        button.url ? (
          <a href={absolute(button.url, origin)} target="_blank" rel="noopener noreferrer" tabIndex={index ? -1 : 0}>
            {button.title}
          </a>
        ) : (
          <button type="button" tabIndex={index ? -1 : 0} onClick={() => onPress(button)}>
            {button.title}
          </button>
        ),
      )}
    </div>
  );
}
