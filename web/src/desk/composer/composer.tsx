import { Lock, SendHorizontal, Sparkles, X } from "lucide-preact";
import { EmojiButton } from "./emoji-button";
import { AttachButton, FileTray, useFiles } from "./files";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Composer as Guard, enterByDevice, guardComposer } from "../../shared/composer";
import { imeSafe, isEnter } from "../../shared/ime";
import { holding, useCheck, Warnings } from "../assist/warnings";
import { useDesk, useDeskState } from "../context";
import { type Draft, loadDraft, saveDraft } from "../drafts";
import { sortCases } from "../order";
import { casesIn, packetOf } from "../state";
import { type Choice, choicesFor, mentionsIn, type Trigger, triggerAt } from "./choices";
import { ChoiceMenu } from "./menu";
import { empties, filled, valuesOf } from "./variables";
import { ReplyPreview, useReplies } from "../translation/preview";
import type { Case } from "../types";
import { type ComposerHandle, useUi } from "../ui";
import { t } from "../text";

const MOST = 1_000;
/** The server takes longer ones; customers read them badly. */
const WARN_FROM = 900;
const TYPING_EVERY = 2_500;

interface Props {
  of: Case;
  mine: boolean;
  me: string;
}

export function Composer({ of, mine, me }: Props) {
  const desk = useDesk();
  const ui = useUi();
  const templates = useDeskState((state) => state.templates);
  const field = useRef<HTMLTextAreaElement>(null);
  const guard = useRef<Guard | null>(null);
  const draft = useRef<Draft>(loadDraft(me, of.id));
  const [mode, setMode] = useState<"reply" | "note">(mine ? draft.current.mode : "note");
  const [length, setLength] = useState(0);
  const [words, setWords] = useState(() => (mine ? draft.current.reply : ""));
  const [held, setHeld] = useState("");
  const [slash, setSlash] = useState<Trigger | null>(null);
  const [picked, setPicked] = useState(0);
  const [inserted, setInserted] = useState<{ text: string; source: string } | null>(null);
  const checked = useCheck(of.id, words, mine && mode === "reply");
  const replies = useReplies(of.id, mine && mode === "reply");
  const live = useRef({ checked, held, mode, slash, picked, found: [] as Choice[], next: false, inserted, replies });
  const agents = useDeskState((state) => state.agents);
  const named = useRef(new Map<string, string>());
  const fill = (text: string): string => filled(text, valuesOf(of, desk.state.user, packetOf(desk.state, of.id).packet));
  const found = slash ? choicesFor(slash, templates, Object.values(agents).filter(({ id }) => id !== me), fill) : [];
  live.current = { ...live.current, checked, held, mode, slash, picked, found, inserted, replies };
  const typing = useTyping(of.id);
  const files = useFiles(of.id, mine && mode === "reply");
  const ready = useRef(files);
  ready.current = files;

  const changed = useCallback((text: string): void => {
    const { mode: now, inserted: kept } = live.current;
    draft.current = { ...draft.current, [now]: text, mode: now };
    saveDraft(me, of.id, draft.current);
    setLength([...text].length);
    if (now === "reply") setWords(text);
    if (kept && !text.includes(kept.text)) setInserted(null);
    const caret = field.current?.selectionStart ?? text.length;
    setSlash(triggerAt(text, caret, now === "note"));
    setPicked(0);
    if (now === "reply") typing(text.trim() !== "");
  }, [me, of.id, typing]);

  const submit = useCallback((text: string): void => {
    const note = live.current.mode === "note";
    const missing = note ? [] : empties(text);
    if (missing.length) {
      guard.current?.setText(text);
      desk.toast({ text: t("빈 항목이 {n}개 있어요: {names}", { n: missing.length, names: missing.join(", ") }), tone: "danger" });
      desk.announcer?.alert(t("빈 항목이 {n}개 있어요", { n: missing.length }));
      return;
    }
    const { checked: looked, held: before } = live.current;
    if (!note && before !== text && holding(looked.text === text ? looked.warnings : [], text)) {
      guard.current?.setText(text);
      setHeld(text);
      desk.announcer?.alert(t("그래도 보내려면 한 번 더 눌러 주세요"));
      return;
    }
    const translator = live.current.replies;
    const foreign = !note && translator.on && text.trim() !== "";
    const translated = foreign ? translator.ready(text) : null;
    if (foreign && translated === null) {
      guard.current?.setText(text);
      translator.ask(text.trim());
      return;
    }
    setHeld("");
    setWords("");
    if (!note) ready.current.send();
    if (translated !== null) desk.sender.sendTranslated(of.id, translated, { original: text.trim(), language: translator.language });
    else if (text.trim()) desk.sender.send(of.id, note ? "notes" : "messages", text.trim(), note ? mentionsIn(text, named.current) : []);
    named.current.clear();
    typing(false);
    setInserted(null);
    setSlash(null);
    if (live.current.next) goOn(desk, of.id);
    live.current.next = false;
  }, [desk, of.id, typing]);

  useEffect(() => {
    const element = field.current;
    if (!element) return;
    const made = guardComposer(element, { onSubmit: submit, onInput: changed, enter: enterByDevice });
    guard.current = made;
    made.setText(draft.current[live.current.mode]);
    return () => made.destroy();
  }, [submit, changed]);

  const turn = useCallback((to: "reply" | "note"): void => {
    if (to === live.current.mode) return;
    live.current.mode = to;
    setMode(to);
    setInserted(null);
    guard.current?.setText(draft.current[to]);
    setLength([...draft.current[to]].length);
  }, []);

  useEffect(() => {
    const handle: ComposerHandle = {
      focus: (to) => {
        if (to && (to === "note" || mine)) turn(to);
        field.current?.focus();
      },
      insert: (text, source) => {
        if (!mine) return;
        turn("reply");
        field.current?.focus();
        guard.current?.insert(text);
        if (source !== undefined) setInserted({ text, source });
      },
      attach: (picked) => {
        if (!mine) return;
        turn("reply");
        field.current?.focus();
        ready.current.add(picked);
      },
    };
    ui.setComposer(handle);
    return () => ui.setComposer(null);
  }, [ui, mine, turn]);

  const choose = (choice: Choice): void => {
    const element = field.current;
    const { slash: at } = live.current;
    if (!element || !at) return;
    element.focus();
    element.setSelectionRange(at.from, at.to);
    guard.current?.insert(choice.text);
    if (choice.mention) named.current.set(choice.mention, choice.title);
    setSlash(null);
  };

  /** The words come back into the field; what went with them stays sent. */
  const takeBack = (): boolean => {
    const last = desk.sender.lastUndoable(of.id);
    if (!last || guard.current?.text()) return false;
    desk.sender.callBack(of.id, last.clientId);
    if (last.file) ready.current.add([last.file]);
    else guard.current?.setText(last.translated?.original ?? last.text);
    desk.announcer?.say(t("보낸 글을 되돌렸어요"));
    return true;
  };

  /** Before the guard: the list of templates has Enter, Tab, arrows and Esc while it is open. */
  const beforeGuard = imeSafe((event: KeyboardEvent) => {
    live.current.next = isEnter(event) && (event.ctrlKey || event.metaKey);
    if (event.code === "KeyZ" && (event.ctrlKey || event.metaKey) && !event.shiftKey && takeBack()) return event.preventDefault();
    if (isEnter(event) && !event.shiftKey && !event.repeat && ready.current.sendable && !guard.current?.text().trim()) {
      event.preventDefault();
      return submit("");
    }
    const { slash: open, found: list, picked: at } = live.current;
    if (!open || !list.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setPicked((at + step + list.length) % list.length);
    else if ((isEnter(event) && !event.shiftKey) || event.key === "Tab") {
      const one = list[at];
      if (one && !event.repeat) choose(one);
    } else if (event.key === "Escape") setSlash(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** Browsers whose only Enter was the input method's tell it by a line break. */
  const beforeInput = (event: InputEvent): void => {
    const { slash: open, found: list, picked: at } = live.current;
    if (!open || !list.length || event.isComposing || !/^insert(LineBreak|Paragraph)$/.test(event.inputType)) return;
    event.preventDefault();
    event.stopPropagation();
    const one = list[at];
    if (one) choose(one);
  };

  const note = mode === "note";
  const menu = slash !== null && found.length > 0;
  return (
    <div class={`composer${note ? " note" : ""}${inserted ? " suggested" : ""}`}>
      {menu && <ChoiceMenu found={found} picked={picked} onPick={choose} onHover={setPicked} />}
      <div class="composer-head">
        <div class="modes" role="group" aria-label={t("쓰는 곳")}>
          <button type="button" aria-pressed={!note} disabled={!mine} onClick={() => (turn("reply"), field.current?.focus())}>
            {t("답장")}
          </button>
          <button type="button" aria-pressed={note} onClick={() => (turn("note"), field.current?.focus())}>
            <Lock size={12} aria-hidden="true" /> {t("메모")}
          </button>
        </div>
        <p class="hint">{hintOf(of, mine, note)}</p>
      </div>
      {inserted && !note && (
        <p class="inserted">
          <Sparkles size={14} aria-hidden="true" />
          {t("추천 답변을 넣었어요 · 출처: {source} · 확인하고 보내 주세요", { source: inserted.source })}
          <button
            type="button"
            class="icon-btn small"
            aria-label={t("넣은 추천 답변 지우기")}
            onClick={() => guard.current?.setText((guard.current?.text() ?? "").replace(inserted.text, ""))}
          >
            <X size={14} />
          </button>
        </p>
      )}
      {!note && <ReplyPreview replies={replies} words={words} />}
      {!note && <FileTray files={files} />}
      {!note && <Warnings warnings={checked.warnings} held={held !== "" && held === words} />}
      <div class="composer-box" onKeyDownCapture={beforeGuard} onBeforeInputCapture={beforeInput as never}>
        {!note && files.taken && <AttachButton files={files} />}
        <EmojiButton onPick={(emoji) => guard.current?.insert(emoji)} field={field} />
        <textarea
          ref={field}
          rows={1}
          aria-label={note ? t("메모") : t("답장")}
          placeholder={note ? t("메모를 입력해 주세요") : t("메시지를 입력해 주세요")}
          aria-autocomplete="list"
          aria-controls={menu ? "templates" : undefined}
          aria-activedescendant={menu ? `template-${picked}` : undefined}
          onBlur={() => typing(false)}
          onPaste={(event) => {
            const data = event.clipboardData;
            // A table copied from a sheet is words and a picture of them: the words are meant.
            if (note || !data?.files.length || data.types.includes("text/plain")) return;
            event.preventDefault();
            files.add([...data.files]);
          }}
          onSelect={(event) => {
            const { value, selectionStart } = event.currentTarget;
            setSlash(triggerAt(value, selectionStart, live.current.mode === "note"));
          }}
        />
        {length >= WARN_FROM && (
          <span class={length > MOST ? "counter over" : "counter"} role="status">
            {length.toLocaleString("en-US")} / 1,000
          </span>
        )}
        <button
          type="button"
          class="send"
          aria-label={note ? t("메모 남기기") : t("보내기")}
          title={note ? t("메모 남기기 (Enter)") : t("보내기 (Enter)")}
          disabled={length === 0 && (note || !files.sendable)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => (guard.current?.text().trim() ? guard.current.submit() : files.sendable && submit(""))}
        >
          <SendHorizontal size={18} aria-hidden="true" />
          <span>{note ? t("남기기") : t("보내기")}</span>
        </button>
      </div>
    </div>
  );
}

function hintOf(of: Case, mine: boolean, note: boolean): string {
  if (!mine) return t("{name} 상담원이 맡고 있어요. 메모는 남길 수 있어요", { name: of.agent?.name ?? t("다른") });
  return note ? t("고객에게 보이지 않아요 · @로 상담원 부르기") : t("/ 로 템플릿, F8로 추천 답변");
}

/** The next of my conversations after sending. */
function goOn(desk: ReturnType<typeof useDesk>, id: string): void {
  const mine = sortCases(casesIn(desk.state, "mine"), "mine").filter((one) => one.id !== id);
  const next = mine.find((one) => one.unread > 0) ?? mine[0];
  if (next) void desk.open(next.id);
}

/** Tells the customer that I type: now and then while it goes on, and once that it ended. */
function useTyping(id: string): (on: boolean) => void {
  const desk = useDesk();
  const told = useRef(0);
  const tell = useCallback(
    (on: boolean): void => {
      const now = Date.now();
      if (on && now - told.current < TYPING_EVERY) return;
      if (!on && !told.current) return;
      told.current = on ? now : 0;
      desk.live.typing(id, on);
    },
    [desk, id],
  );
  useEffect(() => () => tell(false), [tell]);
  return tell;
}
