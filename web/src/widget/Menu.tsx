import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { imeSafe } from "../shared/ime";
import { Icon, type IconName } from "./icons";

export interface MenuItem {
  icon: IconName;
  words: string;
  act: () => void;
}

/** What else can be done; arrows move, Esc is the panel's. */
export function Menu({ items, onClose }: { items: MenuItem[]; onClose: () => void }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  useLayoutEffect(() => buttons()[0]?.focus(), []);

  const move = imeSafe((event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Tab") onClose();
    if (!step) return;
    event.preventDefault();
    const all = buttons();
    const at = all.indexOf(event.target as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  });

  return (
    <>
      <div class="menu-ground" onClick={onClose} />
      <div ref={list} class="menu" role="menu" onKeyDown={move}>
        {items.map((item) => (
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              onClose();
              item.act();
            }}
          >
            <Icon name={item.icon} />
            {item.words}
          </button>
        ))}
      </div>
    </>
  );
}
