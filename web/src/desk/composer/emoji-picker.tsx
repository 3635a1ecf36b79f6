/** Emoji that fit a service's words, found by name; arrows move through the grid, Enter takes one, Esc goes back. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { imeSafe, isEnter } from "../../shared/ime";
import { loadRecent, saveRecent } from "../drafts";
import { matches } from "../match";
import { spoken, t } from "../text";
import EMOJI from "./emoji.json";

export interface PickerProps {
  onPick: (emoji: string) => void;
  onClose: () => void;
}

type Emoji = (typeof EMOJI)[number];

const COLUMNS = 8;
const name = (one: Emoji): string => (spoken() === "en" ? one.en : one.ko);

/** Those whose name fits what was typed, in either language; what was used last comes first. */
export function findEmoji(typed: string, recent: string[] = []): Emoji[] {
  const found = EMOJI.filter((one) => matches(one.ko, typed) || matches(one.en, typed));
  const place = (one: Emoji): number => (recent.includes(one.emoji) ? recent.indexOf(one.emoji) : recent.length);
  return found.sort((a, b) => place(a) - place(b));
}

/** Where an arrow leads from a place in the grid; -1: out of it, upwards. */
export function step(key: string, from: number, size: number): number | null {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[key];
  if (by !== undefined) return from + by < 0 ? (key === "ArrowUp" ? -1 : 0) : Math.min(from + by, size - 1);
  return { Home: 0, End: size - 1 }[key] ?? null;
}

export function EmojiPicker({ onPick, onClose }: PickerProps) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const recent = useMemo(loadRecent, []);
  useEffect(() => search.current?.focus(), []);
  const found = findEmoji(typed, recent);

  const pick = (one: Emoji | undefined): void => {
    if (!one) return;
    saveRecent([one.emoji, ...recent.filter((emoji) => emoji !== one.emoji)].slice(0, COLUMNS));
    onPick(one.emoji);
  };

  const go = (to: number): void => {
    setAt(Math.max(0, to));
    if (to < 0) search.current?.focus();
    else root.current?.querySelectorAll<HTMLElement>(".emoji-grid button")[to]?.focus();
  };

  const pressed = imeSafe((event: KeyboardEvent) => {
    const inField = event.target instanceof HTMLInputElement;
    if (event.key === "Escape") onClose();
    else if (inField && isEnter(event)) pick(found[0]);
    else if (inField && event.key === "ArrowDown") go(0);
    else {
      const to = inField ? null : step(event.key, at, found.length);
      if (to === null) return;
      go(to);
    }
    event.preventDefault();
    event.stopPropagation();
  });

  return (
    <div class="emoji-box" role="dialog" aria-label={t("이모지 고르기")} ref={root} onKeyDown={pressed}>
      <input
        type="search"
        placeholder={t("이모지 찾기")}
        aria-label={t("이모지 찾기")}
        ref={search}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div class="emoji-grid" role="group" aria-label={t("이모지")}>
        {found.map((one, place) => (
          <button
            key={one.emoji}
            type="button"
            aria-label={name(one)}
            title={name(one)}
            tabIndex={place === at ? 0 : -1}
            onFocus={() => setAt(place)}
            onClick={() => pick(one)}
          >
            {one.emoji}
          </button>
        ))}
      </div>
      {!found.length && <p class="sub">{t("검색 결과가 없어요")}</p>}
    </div>
  );
}
