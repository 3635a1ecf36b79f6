import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Composer as Guard } from "../shared/composer";
import { imeSafe } from "../shared/ime";
import type { Chat } from "./chat";
import { Composer } from "./Composer";
import { downloadTranscript } from "./download";
import { Header } from "./Header";
import type { Host } from "./host";
import { Menu, type MenuItem } from "./Menu";
import { part } from "./part";
import type { Button, Citation } from "./protocol";
import { SourceSheet } from "./SourceSheet";
import { TEXT } from "./texts";
import { Thread } from "./Thread";
import type { Line } from "./thread";
import { useCall } from "./useCall";
import { type FullScreen, watchViewport } from "./viewport";

const Uploads = part(() => import("./rich/Uploads"));

export interface PanelControl {
  setOpen(open: boolean): void;
  prefill(text: string): void;
}

interface Props {
  host: Host;
  chat: Chat;
  onReady: (control: PanelControl) => void;
}

interface OpenSource {
  citation: Citation;
  line: Line;
  opener: HTMLElement;
}

/** Everything inside the frame; layers (source, menu) close one at a time. */
export function PanelView({ host, chat, onReady }: Props): JSX.Element {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [open, setOpen] = useState(false);
  const [full, setFull] = useState(false);
  const [wide, setWide] = useState(chat.memory.get("wide") ?? false);
  const [source, setSource] = useState<OpenSource | null>(null);
  const [menu, setMenu] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const screen = useRef<FullScreen | null>(null);
  const composer = useRef<{ guard: Guard; field: HTMLTextAreaElement } | null>(null);
  const [picked, setPicked] = useState<File[] | null>(null);
  const [dragging, setDragging] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const call = useCall(chat);

  useEffect(() => chat.subscribe(() => redraw(0)), []);

  useLayoutEffect(() => {
    if (!panel.current) return;
    const made = watchViewport(panel.current, setFull, () => host.close());
    screen.current = made;
    setFull(made.full);
    onReady({
      setOpen,
      prefill: (text) => composer.current?.guard.setText(text),
    });
    return () => made.destroy();
  }, []);

  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    if (open) {
      screen.current?.enter();
      takeFocus(panel.current, composer.current?.field);
    } else if (wasOpen.current) {
      screen.current?.leave();
      setSource(null);
      setMenu(false);
      host.launcher.focus({ preventScroll: true });
    }
    wasOpen.current = open;
  }, [open]);

  // What had the focus may be gone after drawing: a button that was pressed, a field that was replaced.
  const root = host.shadow;
  const hadFocus = root.activeElement !== null;
  useLayoutEffect(() => {
    if (open && hadFocus && !root.activeElement) takeFocus(panel.current, composer.current?.field);
  });

  const opener = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (!source) opener.current?.focus();
    opener.current = source?.opener ?? null;
  }, [source]);
  const closeSource = (): void => setSource(null);

  const closeMenu = (): void => {
    setMenu(false);
    composer.current?.field.focus({ preventScroll: true });
  };

  const keys = imeSafe((event: KeyboardEvent) => {
    if (event.key === "Tab" && (full || source)) keepInside(event, panel.current, source !== null);
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (source) closeSource();
    else if (menu) closeMenu();
    else host.close();
  });

  const askHuman = (): void => {
    if (chat.state.owner === "closed") chat.reopen();
    chat.askHuman();
  };
  const take = (files: FileList | null | undefined): boolean => {
    if (!files?.length || !chat.uploads) return false;
    setPicked([...files]);
    return true;
  };
  const choose = (camera: boolean): void => {
    const input = chooser.current;
    if (!input) return;
    input.toggleAttribute("capture", camera);
    if (camera) input.setAttribute("capture", "environment");
    input.click();
  };
  const over = (event: DragEvent): void => {
    if (!chat.uploads || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setDragging(true);
  };

  const ended = chat.state.owner === "closed" && !chat.reopened;
  const items = menuItems(chat, askHuman, choose);

  return (
    <div
      ref={panel}
      class={`panel${open ? " open" : ""}${full ? " full" : ""}${wide && !full ? " wide" : ""} ${host.options.side}`}
      role="dialog"
      aria-label={TEXT.panel}
      aria-modal={full && open ? "true" : undefined}
      tabIndex={-1}
      inert={!open}
      lang={TEXT.lang}
      onKeyDown={keys}
      onPaste={(event) => {
        if (take(event.clipboardData?.files)) event.preventDefault();
      }}
      onDragOver={over}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={(event) => {
        setDragging(false);
        if (take(event.dataTransfer?.files)) event.preventDefault();
      }}
    >
      <div class="layer" inert={source !== null}>
        <Header
          state={chat.state}
          movedFrom={chat.movedFrom}
          assistant={chat.assistant}
          wide={wide}
          canWiden={!full}
          onHuman={askHuman}
          onWiden={() => {
            chat.memory.set({ wide: !wide });
            setWide(!wide);
          }}
          onClose={() => host.close()}
        />
        <Thread
          chat={chat}
          open={open}
          starters={host.options.starters}
          privacy={host.options.privacy}
          origin={chat.origin}
          token={chat.token}
          formOf={(line) => chat.forms.propsOf(line)}
          onPress={(button: Button) => {
            chat.say(button.title, button.payload || undefined);
            composer.current?.field.focus({ preventScroll: true });
          }}
          onSource={(citation, line, opener) => setSource({ citation, line, opener })}
          onJudge={(id, value, reason) => void chat.judge(id, value, reason)}
          onHuman={askHuman}
          onRetry={(id) => chat.retry(id)}
          onDiscard={(id) => chat.discard(id)}
        />
        {chat.network ? (
          <p class={`strip ${chat.network}`}>{chat.network === "offline" ? TEXT.offline : TEXT.back}</p>
        ) : null}
        {call.problem ? (
          <p class="strip problem">
            {call.problem}
            <button type="button" onClick={call.dismiss}>
              {TEXT.ok}
            </button>
          </p>
        ) : null}
        {call.bar}
        {picked ? <Uploads chat={chat} picked={picked} /> : null}
        <input
          ref={chooser}
          type="file"
          hidden
          multiple
          accept={chat.uploads?.types.join(",")}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        {ended ? (
          <div class="ended">
            <p>{TEXT.endedHint}</p>
            <button type="button" class="primary" onClick={() => chat.reopen()}>
              {TEXT.again}
            </button>
          </div>
        ) : (
          <Composer
            draft={chat.memory.get("draft") ?? ""}
            onSend={(text) => chat.say(text)}
            onDraft={(text) => {
              chat.memory.set({ draft: text });
              chat.setTyping(text.trim() !== "");
            }}
            onMenu={() => setMenu(!menu)}
            menuOpen={menu}
            onCall={call.start}
            onReady={(guard, field) => {
              composer.current = { guard, field };
            }}
          />
        )}
        {menu ? <Menu items={items} onClose={closeMenu} /> : null}
      </div>
      {dragging ? <p class="drop">{TEXT.dropHere}</p> : null}
      {source ? (
        <SourceSheet origin={chat.origin} citation={source.citation} answer={source.line.text} onClose={closeSource} />
      ) : null}
    </div>
  );
}

function menuItems(chat: Chat, askHuman: () => void, choose: (camera: boolean) => void): MenuItem[] {
  const { owner } = chat.state;
  const touch = matchMedia("(pointer: coarse)").matches;
  const withPerson = owner === "queue" || owner === "agent";
  return [
    ...(withPerson ? [] : [{ icon: "person", words: TEXT.human, act: askHuman } as const]),
    ...(owner === "agent" ? [] : [{ icon: "phone", words: TEXT.callback, act: () => void chat.askCallback() } as const]),
    ...(chat.uploads ? [{ icon: "picture", words: TEXT.sendFile, act: () => choose(false) } as const] : []),
    ...(chat.uploads && touch ? [{ icon: "camera", words: TEXT.takePhoto, act: () => choose(true) } as const] : []),
    { icon: "save", words: TEXT.download, act: () => downloadTranscript(chat.lines, chat.assistant.name) },
  ];
}

/** On touch the composer would pull up the keyboard before anything was read. */
function takeFocus(panel: HTMLElement | null, field: HTMLElement | undefined): void {
  const touch = matchMedia("(pointer: coarse)").matches;
  (touch || !field ? panel : field)?.focus({ preventScroll: true });
}

/** Full screen and sheets keep Tab inside. */
function keepInside(event: KeyboardEvent, panel: HTMLElement | null, sheetOpen: boolean): void {
  const ground = sheetOpen ? panel?.querySelector(".sheet") : panel;
  const stops = [...(ground?.querySelectorAll<HTMLElement>("a[href],button,input,select,textarea,[tabindex='0']") ?? [])].filter(
    (stop) => stop.tabIndex >= 0 && stop.offsetParent !== null,
  );
  const [first, last] = [stops[0], stops.at(-1)];
  if (!first || !last) return;
  const at = (panel?.getRootNode() as ShadowRoot).activeElement;
  if (event.shiftKey ? at !== first && at !== panel : at !== last) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
