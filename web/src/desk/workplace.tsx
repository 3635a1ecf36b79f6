import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { showCount } from "./alerts";
import { useDesk, useDeskState, useSettings, useWide } from "./context";
import { Conversation } from "./conversation";
import { Inbox } from "./inbox";
import { type Command, commandOf, placeOf } from "./keys";
import { Offers } from "./offers/offers";
import { TakenAway } from "./agents/my-state";
import { Palette } from "./palette";
import { Panel } from "./panel";
import { type PageName, PAGES, pageOf } from "./pages";
import { BottomBar, Rail } from "./rail";
import { run } from "./run";
import { Sheet } from "./sheets/sheet";
import { TransferSheet } from "./sheets/transfer";
import { Shortcuts } from "./shortcuts";
import { SignOutDialog } from "./sign-out";
import { isMine, isWaiting } from "./order";
import { Toasts } from "./toasts";
import { type ComposerHandle, type PanelTab, type SheetKind, type Ui, UiContext } from "./ui";
import { t } from "./text";

type Overlay = "palette" | "shortcuts" | "sign-out" | SheetKind | null;

export function Workplace() {
  const desk = useDesk();
  const { settings } = useSettings();
  const selected = useDeskState((state) => state.selected);
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [panelTab, setPanelTab] = useState<PanelTab>("packet");
  const [drawer, setDrawer] = useState<"inbox" | "panel" | null>(null);
  const [jump, setJump] = useState<{ seq: number; count: number } | null>(null);
  const [botOpen, setBotOpen] = useState(false);
  const composer = useRef<ComposerHandle | null>(null);
  const wanted = useRef<"note" | null>(null);
  const fixedPanel = useWide(1100);
  const phone = !useWide(640);

  const ui = useMemo<Ui>(
    () => ({
      openSheet: setOverlay,
      openPalette: () => setOverlay("palette"),
      openShortcuts: () => setOverlay("shortcuts"),
      jump: (seq) => {
        setJump((before) => ({ seq, count: (before?.count ?? 0) + 1 }));
        if (!fixedPanel) setDrawer(null);
      },
      insert: (suggestion) => {
        const titles = [...new Set(suggestion.citations.map((citation) => citation.title))];
        composer.current?.insert(suggestion.text, titles.join(", ") || t("업무 흐름의 질문"));
        if (!fixedPanel) setDrawer(null);
      },
      insertText: (text) => composer.current?.insert(text),
      attach: (files) => composer.current?.attach(files),
      setComposer: (handle) => {
        composer.current = handle;
        if (!handle || !wanted.current) return;
        handle.focus(wanted.current);
        wanted.current = null;
      },
      showPanel: (tab) => {
        setPanelTab(tab);
        if (!fixedPanel) setDrawer("panel");
      },
      closePanel: () => setDrawer(null),
      openInbox: () => setDrawer("inbox"),
      askSignOut: () => setOverlay("sign-out"),
      openPage: (to) => {
        location.hash = to === "inbox" ? "" : `#/${to}`;
      },
      openCase: (id, whisper) => {
        // A composer that isn't there yet takes the focus when it comes.
        const here = composer.current !== null && desk.state.selected === id;
        wanted.current = whisper && !here ? "note" : null;
        location.hash = "";
        void desk.open(id);
        if (whisper && here) composer.current?.focus("note");
      },
    }),
    [fixedPanel],
  );

  useEffect(() => {
    const of = selected ? desk.state.cases[selected] : undefined;
    setJump(null);
    // Who is about to take a case wants to read it; who is in the middle of one wants the end.
    setBotOpen(of !== undefined && isWaiting(of));
    setDrawer((open) => (open === "inbox" ? null : open));
  }, [selected, desk]);

  const obey = useCallback(
    (command: Command): boolean => run(command, { desk, ui, composer: composer.current, toggleBot: () => setBotOpen((open) => !open) }),
    [desk, ui],
  );

  // As soon as a dialog is gone: a key that is pressed before the next frame is a command again.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const place = placeOf(document.activeElement, settings.singleKeys);
      const command = commandOf(event, place);
      if (!command) return;
      // An open dialog has the keys, but for taking an offer.
      if (overlay && command !== "accept" && !(command === "palette" && overlay === "palette")) return;
      if (command === "leave" && drawer) return setDrawer(null);
      if (event.repeat && command !== "next" && command !== "previous") return;
      if (obey(command)) event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [obey, overlay, drawer, settings.singleKeys]);

  useTitle();
  const close = (): void => setOverlay(null);
  const page = usePage();
  const layout = `workplace${page === "inbox" ? "" : " on-page"}${selected ? " has-case" : ""}${drawer ? ` drawer-${drawer}` : ""}`;

  return (
    <UiContext.Provider value={ui}>
      <div class={layout}>
        <header class="sr-only">
          <h1>{t("상담석")}</h1>
        </header>
        <Rail page={page} />
        {page === "inbox" ? (
          <>
            <Inbox />
            <Conversation jump={jump} botOpen={botOpen} toggleBot={() => setBotOpen((open) => !open)} />
            <Panel tab={panelTab} onTab={setPanelTab} />
          </>
        ) : (
          <PageView of={page} />
        )}
        {drawer && <button class="scrim" type="button" aria-label={t("닫기")} onClick={() => setDrawer(null)} />}
        {phone && (!selected || page !== "inbox") && <BottomBar page={page} />}
        <Lost />
        <TakenAway />
        <Offers />
        <Toasts />
      </div>
      {overlay === "palette" && <Palette onClose={close} obey={obey} />}
      {overlay === "shortcuts" && <Shortcuts onClose={close} />}
      {overlay === "sign-out" && <SignOutDialog onClose={close} />}
      {overlay === "transfer" && selected && <TransferSheet key={selected} id={selected} onClose={close} />}
      {(overlay === "return" || overlay === "close") && selected && (
        <Sheet key={`${overlay}-${selected}`} kind={overlay} id={selected} onClose={close} />
      )}
    </UiContext.Provider>
  );
}

/** The page that the address names. */
function usePage(): PageName {
  const role = useDeskState((state) => state.user?.role ?? "agent");
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return pageOf(hash, role);
}

function PageView({ of }: { of: Exclude<PageName, "inbox"> }) {
  const View = PAGES[of].view;
  return <View key={of} />;
}

/** How many wait for somebody or for me. */
function useTitle(): void {
  const count = useDeskState((state) => {
    const me = state.user?.id ?? "";
    return Object.values(state.cases).filter((of) => isWaiting(of) || (isMine(of, me) && of.unread > 0)).length;
  });
  useEffect(() => {
    showCount(count);
    return () => showCount(0);
  }, [count]);
}

function Lost() {
  const connected = useDeskState((state) => state.connected);
  return (
    <div class="lost" role="status" data-shown={!connected}>
      {!connected && t("인터넷 연결이 끊겼어요. 다시 연결하고 있어요")}
    </div>
  );
}
