import { RefreshCw, Search, X } from "lucide-preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { count } from "../shared/formats";
import { imeSafe } from "../shared/ime";
import { useAfter, useDesk, useDeskState, useNow } from "./context";
import { matches } from "./match";
import { inTab, keepOrder, searchCases, sortCases } from "./order";
import { Row } from "./row";
import { Hits } from "./search/hits";
import { MyState } from "./agents/my-state";
import type { Tab } from "./types";
import { t } from "./text";

const TABS: [Tab, string][] = [
  ["mine", "내 대화"],
  ["waiting", "대기"],
  ["all", "전체"],
  ["callbacks", "전화"],
  ["closed", "마침"],
];

export function Inbox() {
  const desk = useDesk();
  const tab = useDeskState((state) => state.tab);
  const [typed, setTyped] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    setTyped("");
    if (search.current) search.current.value = "";
  };

  return (
    <section class="inbox" aria-label={t("받은편지함")}>
      <header class="inbox-head">
        <MyState />
        <label class="search">
          <Search size={16} aria-hidden="true" />
          <input
            ref={search}
            id="inbox-search"
            type="search"
            placeholder={t("이름, 대화 내용 찾기")}
            aria-label={t("목록에서 찾기")}
            onInput={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={imeSafe((event) => {
              if (event.key !== "Escape" || !typed) return;
              event.stopPropagation();
              clear();
            })}
          />
          {typed ? (
            <button type="button" class="icon-btn small" aria-label={t("찾기 지우기")} onClick={clear}>
              <X size={14} />
            </button>
          ) : (
            <kbd aria-hidden="true">/</kbd>
          )}
        </label>
      </header>
      <div class="tabs" role="tablist" aria-label={t("상담 목록")}>
        {TABS.map(([key, label]) => (
          <TabButton key={key} tab={key} label={t(label)} current={key === tab} onPick={() => desk.showTab(key)} />
        ))}
      </div>
      <List key={tab} tab={tab} typed={typed} />
    </section>
  );
}

function TabButton({ tab, label, current, onPick }: { tab: Tab; label: string; current: boolean; onPick: () => void }) {
  const size = useDeskState((state) =>
    tab === "closed" ? 0 : Object.values(state.cases).filter((of) => inTab(of, tab, state.user?.id ?? "")).length,
  );
  const move = imeSafe((event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = { ArrowRight: "nextElementSibling", ArrowLeft: "previousElementSibling" }[event.key] as
      | "nextElementSibling"
      | "previousElementSibling"
      | undefined;
    const to = step && (event.currentTarget[step] as HTMLElement | null);
    if (!to) return;
    to.focus();
    to.click();
  });
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${tab}`}
      aria-selected={current}
      aria-controls="inbox-list"
      tabIndex={current ? 0 : -1}
      class={tab === "waiting" && size > 0 ? "tab busy" : "tab"}
      onClick={onPick}
      onKeyDown={move}
    >
      {label}
      {size > 0 && <span class="count">{count(size)}</span>}
    </button>
  );
}

function List({ tab, typed }: { tab: Tab; typed: string }) {
  const desk = useDesk();
  const cases = useDeskState((state) => state.cases);
  const me = useDeskState((state) => state.user?.id ?? "");
  const list = useDeskState((state) => state.lists[tab]);
  const selected = useDeskState((state) => state.selected);
  const [held, setHeld] = useState(false);
  const shown = useRef<string[]>([]);
  const now = useNow();

  const sorted = useMemo(() => sortCases(Object.values(cases).filter((of) => inTab(of, tab, me)), tab), [cases, tab, me]);
  const wanted = sorted.map((of) => of.id);
  const { order, moved } = keepOrder(shown.current, wanted, held);
  shown.current = order;
  const rows = searchCases(
    order.flatMap((id) => cases[id] ?? []),
    typed,
    matches,
  );
  const waiting = useAfter(list.status === "loading" && !rows.length);

  return (
    <div
      class="rows"
      id="inbox-list"
      role="tabpanel"
      aria-labelledby={`tab-${tab}`}
      onPointerEnter={(event) => event.pointerType === "mouse" && setHeld(true)}
      onPointerLeave={(event) => setHeld(event.currentTarget.contains(document.activeElement))}
      onFocusIn={() => setHeld(true)}
      onFocusOut={(event) =>
        setHeld(event.currentTarget.matches(":hover") || event.currentTarget.contains(event.relatedTarget as Node | null))
      }
    >
      {moved && !typed && (
        <button
          type="button"
          class="resort"
          onClick={() => {
            shown.current = wanted;
            setHeld(false);
          }}
        >
          <RefreshCw size={14} aria-hidden="true" /> {t("순서가 바뀌었어요 · 새로 정렬")}
        </button>
      )}
      {list.status === "failed" && (
        <div class="panel-problem" role="alert">
          <p>{list.why}</p>
          <button type="button" class="btn small" onClick={() => void desk.loadList(tab)}>
            {t("다시 시도")}
          </button>
        </div>
      )}
      {rows.length > 0 && (
        <ul>
          {rows.map((of) => (
            <Row key={of.id} of={of} me={me} now={now} current={of.id === selected} mixed={tab === "all"} onOpen={(id) => void desk.open(id)} />
          ))}
        </ul>
      )}
      {waiting && <Skeleton />}
      {list.status === "ready" && !rows.length && typed.trim().length < 2 && <Empty tab={tab} typed={typed} />}
      {typed && <Hits typed={typed} />}
      {list.cursor && !typed && (
        <button type="button" class="btn small more" onClick={() => void desk.loadList(tab, true)}>
          {t("더 보기")}
        </button>
      )}
    </div>
  );
}

function Skeleton() {
  return (
    <div class="skeleton-rows" role="status" aria-label={t("목록을 불러오는 중이에요")}>
      {[0, 1, 2, 3].map((key) => (
        <span key={key} class="skeleton row-like" />
      ))}
    </div>
  );
}

const EMPTY: Record<Tab, [string, string]> = {
  mine: ["맡은 대화가 없어요", "대기 목록을 확인해 보세요"],
  waiting: ["기다리는 고객이 없어요", "새 상담이 들어오면 오른쪽 위에 알려 드려요"],
  all: ["진행 중인 상담이 없어요", "새 상담이 들어오면 여기에 나타나요"],
  callbacks: ["예약된 전화가 없어요", "고객이 전화를 예약하면 시간 순서대로 보여요"],
  closed: ["마친 상담이 없어요", "마무리하거나 AI에게 돌려준 상담이 여기에 모여요"],
};

function Empty({ tab, typed }: { tab: Tab; typed: string }) {
  const [title, hint] = typed ? ["검색 결과가 없어요", "다른 말로 찾아보세요"] : EMPTY[tab];
  return (
    <div class="empty">
      <p class="title">{t(title)}</p>
      <p>{t(hint)}</p>
    </div>
  );
}
