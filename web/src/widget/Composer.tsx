import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Composer as Guard, enterByDevice, guardComposer } from "../shared/composer";
import { Icon } from "./icons";
import { TEXT } from "./texts";

const LONGEST = 2000;

interface Props {
  draft: string;
  onSend: (text: string) => void;
  onDraft: (text: string) => void;
  onMenu: () => void;
  menuOpen: boolean;
  /** Missing where calls can't be taken. */
  onCall: (() => void) | undefined;
  /** Hands out the guard, for `prefill` and focus. */
  onReady: (guard: Guard, field: HTMLTextAreaElement) => void;
}

/** Uncontrolled: the field belongs to the input method, and the guard reads it. */
export function Composer(props: Props): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  const guard = useRef<Guard | null>(null);
  const handlers = useRef(props);
  handlers.current = props;

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.value = handlers.current.draft;
    const made = guardComposer(area, {
      onSubmit: (text) => handlers.current.onSend(text),
      onInput: (text) => handlers.current.onDraft(text),
      enter: enterByDevice,
    });
    guard.current = made;
    handlers.current.onReady(made, area);
    return () => made.destroy();
  }, []);

  /** The field keeps focus, and with it the on-screen keyboard and the syllable in progress. */
  const keepFocus = (event: PointerEvent): void => event.preventDefault();

  return (
    <div class="composer">
      <button
        type="button"
        class="icon-button"
        aria-label={TEXT.more}
        aria-haspopup="menu"
        aria-expanded={props.menuOpen}
        onClick={props.onMenu}
      >
        <Icon name="plus" />
      </button>
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          maxLength={LONGEST}
          aria-label={TEXT.composer}
          placeholder={TEXT.composer}
          enterkeyhint={enterByDevice() === "send" ? "send" : "enter"}
        />
      </div>
      {props.onCall ? (
        <button type="button" class="icon-button mic" aria-label={TEXT.mic} title={TEXT.mic} onClick={props.onCall}>
          <Icon name="mic" />
        </button>
      ) : null}
      <button
        type="button"
        class="send"
        aria-label={TEXT.send}
        onPointerDown={keepFocus}
        onClick={() => guard.current?.submit()}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}
