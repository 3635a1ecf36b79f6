import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Check } from "lucide-preact";
import { imeSafe } from "../shared/ime";

export interface MenuItem {
  label: string;
  hint?: string;
  checked?: boolean;
  danger?: boolean;
  divider?: boolean;
  onPick: () => void;
}

interface Props {
  label: string;
  items: MenuItem[];
  children: ComponentChildren;
  class?: string;
  id?: string;
  side?: "down" | "right" | "up";
}

/** A button that opens a list of choices; arrows move, Esc and a press elsewhere close. */
export function Menu({ label, items, children, class: className, id, side = "down" }: Props) {
  const [open, setOpen] = useState(false);
  const own = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    const elsewhere = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [open]);

  const pressed = imeSafe((event: KeyboardEvent) => {
    if (!open) return;
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const here = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: (here + 1) % all.length, ArrowUp: (here - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[
      event.key
    ];
    if (to !== undefined) all[to]?.focus();
    else if (event.key === "Escape") {
      setOpen(false);
      button.current?.focus();
    } else if (event.key === "Tab") return setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return (
    <div class={`menu ${side}`} ref={root} onKeyDown={pressed}>
      <button
        ref={button}
        type="button"
        class={className}
        id={id}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? own : undefined}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div class="menu-list" role="menu" id={own} aria-label={label}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              tabIndex={-1}
              role={item.checked === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={item.checked}
              class={`menu-item${item.danger ? " danger" : ""}${item.divider ? " apart" : ""}`}
              onClick={() => {
                setOpen(false);
                button.current?.focus();
                item.onPick();
              }}
            >
              <span class="tick" aria-hidden="true">
                {item.checked && <Check size={16} />}
              </span>
              <span>{item.label}</span>
              {item.hint && <kbd>{item.hint}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
