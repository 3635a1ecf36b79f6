import { ChartColumn, Headset, History, Route, SlidersHorizontal, Inbox as InboxIcon, Keyboard, Search, Settings as Gear, UserRound, Users } from "lucide-preact";
import { askForNotices, wakeSound } from "./alerts";
import { useDesk, useDeskState, useSettings } from "./context";
import { isMine, isWaiting } from "./order";
import { Menu, type MenuItem } from "./menu";
import { badge } from "../shared/formats";
import { type PageName, PAGES } from "./pages";
import type { Role } from "./types";
import { useUi } from "./ui";
import { t } from "./text";

const ICONS = { board: ChartColumn, traces: Route, audit: History, admin: SlidersHorizontal };

function pagesFor(role: Role): Exclude<PageName, "inbox">[] {
  return (Object.keys(PAGES) as Exclude<PageName, "inbox">[]).filter((name) => PAGES[name].roles.includes(role));
}

const ICON = { size: 20, strokeWidth: 1.75 } as const;

export function Rail({ page }: { page: PageName }) {
  const ui = useUi();
  const role = useDeskState((state) => state.user?.role ?? "agent");
  return (
    <nav class="rail" aria-label={t("주 메뉴")}>
      <span class="mark" aria-hidden="true">
        <Headset size={20} strokeWidth={2} />
      </span>
      <button
        type="button"
        class={page === "inbox" ? "rail-item current" : "rail-item"}
        aria-current={page === "inbox" ? "page" : undefined}
        onClick={() => (page === "inbox" ? ui.openInbox() : ui.openPage("inbox"))}
      >
        <InboxIcon {...ICON} />
        <span>{t("대화")}</span>
      </button>
      {pagesFor(role).map((name) => {
        const Icon = ICONS[name];
        return (
          <button
            key={name}
            type="button"
            class={page === name ? "rail-item current" : "rail-item"}
            aria-current={page === name ? "page" : undefined}
            onClick={() => ui.openPage(name)}
          >
            <Icon {...ICON} />
            <span>{t(PAGES[name].label)}</span>
          </button>
        );
      })}
      <button type="button" class="rail-item" onClick={() => ui.openPalette()} title={t("찾기와 명령 (Ctrl/⌘ + K)")}>
        <Search {...ICON} />
        <span>{t("찾기")}</span>
      </button>
      <span class="grow" />
      <button type="button" class="rail-item" onClick={() => ui.openShortcuts()} title={t("단축키 (?)")}>
        <Keyboard {...ICON} />
        <span>{t("단축키")}</span>
      </button>
      <Menu label={t("설정")} class="rail-item" items={useSettingItems()} side="right">
        <Gear {...ICON} />
        <span>{t("설정")}</span>
      </Menu>
    </nav>
  );
}

/** Below 640 px: the places of the rail as a bar. */
export function BottomBar({ page }: { page: PageName }) {
  const desk = useDesk();
  const ui = useUi();
  const tab = useDeskState((state) => state.tab);
  const waiting = useDeskState((state) => Object.values(state.cases).filter(isWaiting).length);
  const unread = useDeskState(
    (state) => Object.values(state.cases).filter((of) => isMine(of, state.user?.id ?? "") && of.unread).length,
  );
  const role = useDeskState((state) => state.user?.role ?? "agent");
  const pages = pagesFor(role).map((name) => ({ label: t(PAGES[name].label), checked: name === page, onPick: () => ui.openPage(name) }));
  const items = [...pages, ...useSettingItems()];
  const show = (to: "mine" | "waiting") => () => {
    ui.openPage("inbox");
    desk.showTab(to);
  };
  const here = (to: "mine" | "waiting") => (page === "inbox" && tab === to ? "page" : undefined);
  return (
    <nav class="bottom-bar" aria-label={t("아래 메뉴")}>
      <button type="button" aria-current={here("mine")} onClick={show("mine")}>
        <InboxIcon {...ICON} />
        <span>{t("대화")}{unread > 0 && ` ${badge(unread)}`}</span>
      </button>
      <button type="button" aria-current={here("waiting")} onClick={show("waiting")}>
        <Users {...ICON} />
        <span>{t("대기")}{waiting > 0 && ` ${badge(waiting)}`}</span>
      </button>
      <button type="button" onClick={() => ui.openPalette()}>
        <Search {...ICON} />
        <span>{t("찾기")}</span>
      </button>
      <Menu label={t("나와 설정")} class="" items={items} side="up">
        <UserRound {...ICON} />
        <span>{t("나")}</span>
      </Menu>
    </nav>
  );
}

function useSettingItems(): MenuItem[] {
  const desk = useDesk();
  const ui = useUi();
  const { settings, change } = useSettings();
  const undoSeconds = useDeskState((state) => state.options.undo_seconds);
  const sound = async (): Promise<void> => {
    if (settings.sound) return change({ sound: false });
    const ready = await wakeSound();
    change({ sound: ready });
    if (!ready) desk.toast({ text: t("브라우저가 소리를 막았어요. 주소창에서 허용해 주세요"), tone: "danger" });
  };
  const notices = async (): Promise<void> => {
    if (settings.notices) return change({ notices: false });
    const allowed = await askForNotices();
    change({ notices: allowed });
    if (!allowed) desk.toast({ text: t("브라우저가 알림을 막았어요. 주소창에서 허용해 주세요"), tone: "danger" });
  };
  return [
    { label: t("밝게"), checked: settings.theme === "light", onPick: () => change({ theme: "light" }) },
    { label: t("어둡게"), checked: settings.theme === "dark", onPick: () => change({ theme: "dark" }) },
    { label: t("기기 설정대로"), checked: settings.theme === "auto", onPick: () => change({ theme: "auto" }) },
    { label: "한국어", divider: true, checked: settings.language === "ko", onPick: () => change({ language: "ko" }) },
    { label: "English", checked: settings.language === "en", onPick: () => change({ language: "en" }) },
    { label: t("편안하게"), divider: true, checked: settings.density === "comfortable", onPick: () => change({ density: "comfortable" }) },
    { label: t("촘촘하게"), checked: settings.density === "compact", onPick: () => change({ density: "compact" }) },
    { label: settings.sound ? t("소리 끄기") : t("소리 켜기"), divider: true, onPick: () => void sound() },
    { label: settings.notices ? t("바탕 화면 알림 끄기") : t("바탕 화면 알림 켜기"), onPick: () => void notices() },
    ...(undoSeconds
      ? [{ label: settings.undo ? t("보낸 뒤 되돌리기 끄기") : t("보낸 뒤 되돌리기 켜기 ({n}초)", { n: undoSeconds }), onPick: () => change({ undo: !settings.undo }) }]
      : []),
    { label: settings.singleKeys ? t("한 글자 단축키 끄기") : t("한 글자 단축키 켜기"), onPick: () => change({ singleKeys: !settings.singleKeys }) },
    { label: t("로그아웃"), divider: true, danger: true, onPick: () => ui.askSignOut() },
  ];
}
