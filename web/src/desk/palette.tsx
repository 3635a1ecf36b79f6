import { CornerDownLeft, FileText, MessageSquare, Terminal } from "lucide-preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { imeSafe, isEnter } from "../shared/ime";
import { useDesk, useDeskState } from "./context";
import { Dialog } from "./dialog";
import { type Command, ENTRIES } from "./keys";
import { matches } from "./match";
import { isMine, isOpen, sortCases } from "./order";
import type { State } from "./state";
import { useUi } from "./ui";
import { channelWord, withTitle } from "./words";
import { t } from "./text";

interface Hit {
  key: string;
  kind: "case" | "template" | "command";
  title: string;
  hint: string;
  pick: () => void;
}

const ICONS = { case: MessageSquare, template: FileText, command: Terminal } as const;
const KINDS = { case: "대화", template: "템플릿", command: "명령" } as const;
const PER_KIND = 6;
const SETTLE_MS = 200;
const HIDDEN: Command[] = ["palette", "open", "suggestion1", "suggestion2", "suggestion3"];

/** Finds cases, templates and commands; also by initial consonants. */
export function Palette({ onClose, obey }: { onClose: () => void; obey: (command: Command) => boolean }) {
  const desk = useDesk();
  const ui = useUi();
  const state = useDeskState((all) => all);
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => () => clearTimeout(timer.current), []);

  // What follows a pick may take the focus: the dialog must have given it back by then.
  const after = (act: () => void) => () => {
    onClose();
    setTimeout(act, 0);
  };
  const hits = useMemo(
    () => [
      ...caseHits(state, typed, (id) => after(() => void desk.open(id))),
      ...templateHits(state, typed, (text) => after(() => ui.insertText(text))),
      ...commandHits(typed, (command) => after(() => void obey(command))),
    ],
    [state, typed],
  );

  const search = (text: string, composing: boolean): void => {
    clearTimeout(timer.current);
    const settle = (): void => {
      setTyped(text);
      setPicked(0);
    };
    if (composing) timer.current = setTimeout(settle, SETTLE_MS);
    else settle();
  };

  const pressed = imeSafe((event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) setPicked((picked + step + hits.length) % hits.length);
    else if (isEnter(event) && !event.repeat) hits[picked]?.pick();
    else return;
    event.preventDefault();
  });

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [picked]);

  return (
    <Dialog title={t("찾기와 명령")} class="palette" onClose={onClose}>
      <input
        type="text"
        autocomplete="off"
        class="palette-field"
        role="combobox"
        data-focus=""
        aria-label={t("대화, 템플릿, 명령 찾기")}
        aria-expanded={hits.length > 0}
        aria-controls="palette-list"
        aria-activedescendant={hits.length ? `hit-${picked}` : undefined}
        placeholder={t("이름, 템플릿, 명령. 초성도 돼요")}
        onInput={(event) => search(event.currentTarget.value, (event as unknown as InputEvent).isComposing)}
        onKeyDown={pressed}
      />
      <div class="palette-list" id="palette-list" role="listbox" aria-label={t("찾은 것")} ref={list}>
        {hits.map((hit, place) => (
          <HitView key={hit.key} hit={hit} place={place} current={place === picked} first={hits[place - 1]?.kind !== hit.kind} />
        ))}
      </div>
      {!hits.length && <p class="none">{t("검색 결과가 없어요. 다른 말로 찾아보세요")}</p>}
    </Dialog>
  );
}

function HitView({ hit, place, current, first }: { hit: Hit; place: number; current: boolean; first: boolean }) {
  const Icon = ICONS[hit.kind];
  return (
    <div class={first ? "hit first" : "hit"} id={`hit-${place}`} role="option" aria-selected={current} onClick={hit.pick}>
      <Icon size={16} aria-hidden="true" />
      <span class="hit-title">{hit.title}</span>
      <span class="hit-hint">{hit.hint}</span>
      <span class="hit-kind">{t(KINDS[hit.kind])}</span>
      {current && <CornerDownLeft size={14} aria-hidden="true" />}
    </div>
  );
}

function caseHits(state: State, typed: string, pick: (id: string) => () => void): Hit[] {
  const all = sortCases(Object.values(state.cases).filter(isOpen), "all");
  const me = state.user?.id ?? "";
  const shown = typed ? all : all.filter((of) => isMine(of, me));
  return shown
    .filter((of) => [of.customer.name, of.goal ?? "", of.last_message?.text ?? ""].some((text) => matches(text, typed)))
    .slice(0, PER_KIND)
    .map((of) => ({
      key: of.id,
      kind: "case",
      title: withTitle(of.customer.name),
      hint: [channelWord(of.channel), of.goal].filter(Boolean).join(" · "),
      pick: pick(of.id),
    }));
}

function templateHits(state: State, typed: string, pick: (text: string) => () => void): Hit[] {
  return state.templates
    .filter((one) => typed && (matches(one.title, typed) || matches(one.shortcode, typed)))
    .slice(0, PER_KIND)
    .map((one) => ({ key: `t-${one.shortcode}`, kind: "template", title: one.title, hint: one.text, pick: pick(one.text) }));
}

function commandHits(typed: string, pick: (command: Command) => () => void): Hit[] {
  return ENTRIES.filter((entry) => !HIDDEN.includes(entry.command) && matches(t(entry.label), typed)).map((entry) => ({
    key: `c-${entry.command}`,
    kind: "command",
    title: t(entry.label),
    hint: entry.keys,
    pick: pick(entry.command),
  }));
}
