/** Opens the emoji; their list comes when it is first wanted. */
import { Smile } from "lucide-preact";
import type { ComponentType, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PickerProps } from "./emoji-picker";
import { t } from "../text";

interface Props {
  /** Puts it at the caret. */
  onPick: (emoji: string) => void;
  field: RefObject<HTMLTextAreaElement>;
}

let Picker: ComponentType<PickerProps> | null = null;

export function EmojiButton({ onPick, field }: Props) {
  const [open, setOpen] = useState(false);
  const [, arrived] = useState(false);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return;
    if (!Picker) {
      import("./emoji-picker").then(
        (found) => {
          Picker = found.EmojiPicker;
          arrived(true);
        },
        () => setOpen(false),
      );
    }
    const elsewhere = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    field.current?.focus();
  };

  return (
    <div class="emoji" ref={root}>
      <button
        type="button"
        class="icon-btn tool"
        aria-label={t("이모지")}
        title={t("이모지")}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Smile size={18} aria-hidden="true" />
      </button>
      {open && Picker && (
        <Picker
          onClose={close}
          onPick={(emoji) => {
            close();
            onPick(emoji);
          }}
        />
      )}
    </div>
  );
}
