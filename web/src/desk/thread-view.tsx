import { ArrowDown, Bot, ChevronDown, ChevronRight } from "lucide-preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { day } from "../shared/formats";
import { useAfter, useDesk, useDeskState, useNow } from "./context";
import { DayJump } from "./history/day-jump";
import { SectionDivider } from "./history/divider";
import { useDay, useHold } from "./history/hold";
import { oneLine } from "./history/one-line";
import type { Section } from "./history/types";
import { usePast } from "./history/use-past";
import { typingWords } from "./told";
import { Group, OutgoingLine } from "./messages";
import { outboxOf, threadOf } from "./state";
import { type Item, itemsOf, placed } from "./thread";
import type { Case } from "./types";
import { t } from "./text";

interface Props {
  of: Case;
  mine: boolean;
  jump: { seq: number; count: number } | null;
  botOpen: boolean;
  toggleBot: () => void;
}

/** So near to the top older lines are loaded. */
const TOP = 160;
/** So near to the end counts as at the end. */
const NEAR = 80;
/** Items that are drawn at first, and with each press of the button. */
const PAGE = 120;

export function Thread({ of, mine, jump, botOpen, toggleBot }: Props) {
  const desk = useDesk();
  const thread = useDeskState((state) => threadOf(state, of.id));
  const outgoing = useDeskState((state) => outboxOf(state, of.id));
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seenCount = useRef(0);
  const [fresh, setFresh] = useState(0);
  const [drawn, setDrawn] = useState(PAGE);
  const [wanted, setWanted] = useState<{ start: string; count: number } | null>(null);
  const past = usePast(of.id);
  const messages = useMemo(() => oneLine(thread.messages, past.lines, past.more), [thread.messages, past.lines, past.more]);
  const items = useMemo(() => itemsOf(messages), [messages]);
  const older = items.length > drawn || past.more;
  const hold = useHold(list, `${items.length} ${drawn} ${items[0]?.key}`);
  const slow = useAfter(thread.status === "loading" && !thread.messages.length);
  const length = thread.messages.length + outgoing.length;

  const toEnd = (): void => {
    const element = list.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const added = length - seenCount.current;
    seenCount.current = length;
    if (atEnd.current || outgoing.at(-1)?.state === "sending") toEnd();
    else if (added > 0 && added < length) setFresh((before) => before + added);
  }, [length, botOpen]);

  // Lines that come, change their height or make room for a bigger composer: who is at the end stays there.
  useEffect(() => {
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    for (const element of [list.current, list.current?.firstElementChild]) if (element) observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const inView = (): void => {
    if (mine && atEnd.current && document.visibilityState === "visible") desk.read(of.id);
  };
  useEffect(() => {
    inView();
    document.addEventListener("visibilitychange", inView);
    return () => document.removeEventListener("visibilitychange", inView);
  }, [of.id, of.unread, length, mine]);

  // What is above what is drawn, then what isn't here yet; the line that is read stays where it is.
  const showOlder = async (): Promise<void> => {
    if (past.loading) return;
    hold();
    if (items.length <= drawn) await past.load();
    hold();
    setDrawn((now) => now + PAGE);
  };

  const toDay = async (day: string): Promise<void> => {
    const start = new Date(`${day}T00:00:00+09:00`).toISOString();
    await past.load(start);
    atEnd.current = false;
    setDrawn(Number.POSITIVE_INFINITY);
    setWanted((before) => ({ start, count: (before?.count ?? 0) + 1 }));
  };
  useDay(list, wanted, messages, botOpen, toggleBot);

  useJump(list, jump, items, botOpen, toggleBot, () => {
    // Lines of the open conversation that are older than what was loaded of the others come with those.
    const line = thread.messages.find(({ seq }) => seq === jump?.seq);
    if (line && past.more) void past.load(line.timestamp);
    setDrawn(Number.POSITIVE_INFINITY);
  });

  const scrolled = (): void => {
    const element = list.current;
    if (!element) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (atEnd.current) {
      setFresh(0);
      inView();
    } else if (older && element.scrollTop < TOP) void showOlder();
  };

  return (
    <div class="thread-box">
      <div class="thread" id="thread" ref={list} role="log" aria-live="off" tabIndex={0} aria-label={t("메시지")} onScroll={scrolled}>
        <div class="thread-inner">
          {older && (
            <button type="button" class="btn small older" aria-busy={past.loading} onClick={() => void showOlder()}>
              {past.loading ? t("불러오는 중이에요") : t("이전 메시지 보기")}
            </button>
          )}
          {past.why && <Failed why={past.why} again={() => void past.load()} />}
          {slow && <ThreadSkeleton />}
          {thread.status === "failed" && <Failed why={thread.why} again={() => void desk.follow(of.id)} />}
          {items.slice(-drawn).map((item) => (
            <ItemView key={item.key} item={item} of={of} botOpen={botOpen} toggleBot={toggleBot} seen={thread.seenByCustomer} sections={past.sections} />
          ))}
          {outgoing.map((message) => (
            <OutgoingLine
              key={message.clientId}
              message={message}
              onUndo={() => desk.sender.callBack(of.id, message.clientId)}
              onAgain={() => desk.sender.resend(of.id, message)}
              onDrop={() => desk.sender.drop(of.id, message.clientId)}
            />
          ))}
        </div>
      </div>
      {messages.length > 0 && <DayJump onDay={toDay} />}
      <Typing of={of} until={thread.typingUntil} other={thread.typingName} />
      {fresh > 0 && (
        <button
          type="button"
          class="fresh"
          onClick={() => {
            toEnd();
            setFresh(0);
          }}
        >
          {t("새 메시지 {n}개", { n: fresh })} <ArrowDown size={14} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

interface ItemProps {
  item: Item;
  of: Case;
  botOpen: boolean;
  toggleBot: () => void;
  seen: number;
  sections: Record<string, Section>;
}

function ItemView({ item, of, botOpen, toggleBot, seen, sections }: ItemProps) {
  if (item.kind === "section") return <SectionDivider section={sections[item.section] ?? null} of={of} />;
  if (item.kind === "day") {
    return (
      <div class="divider">
        <span>{day(item.at)}</span>
      </div>
    );
  }
  const section = sections[item.messages[0]?.section ?? ""];
  const elsewhere = section?.case_id ? { caseId: section.case_id } : {};
  if (item.kind === "group") return <Group messages={item.messages} of={of} detail={botOpen} seen={section ? null : seen} {...elsewhere} />;
  const Arrow = botOpen ? ChevronDown : ChevronRight;
  return (
    <div class={`bot-fold${botOpen ? " open" : ""}`}>
      <button type="button" class="bot-head" aria-expanded={botOpen} onClick={toggleBot} title={t("AI 대화 펼치기 (Y)")}>
        <Bot size={16} aria-hidden="true" />
        <span>
          {t("AI와 나눈 대화 {n}번", { n: item.turns })}{of.goal && !section && ` · ${of.goal}`}
          {item.failed > 0 && ` · ${t("알아듣지 못함 {n}번", { n: item.failed })}`}
        </span>
        <span class="grow" />
        <span class="act">{botOpen ? t("접기") : t("펼치기")}</span>
        <Arrow size={16} aria-hidden="true" />
      </button>
      {botOpen && item.messages.map((message) => <Group key={placed(message)} messages={[message]} of={of} detail seen={section ? null : 0} {...elsewhere} />)}
    </div>
  );
}

function Typing({ of, until, other }: { of: Case; until: number; other: string }) {
  const now = useNow();
  const words = until > now ? typingWords(of.customer.name) : other ? t("{name} 상담원이 입력 중이에요", { name: other }) : "";
  return (
    <div class="typing" data-shown={Boolean(words)}>
      {words && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {words}
        </>
      )}
    </div>
  );
}

function Failed({ why, again }: { why: string; again: () => void }) {
  return (
    <div class="panel-problem" role="alert">
      <p>{why}</p>
      <button type="button" class="btn small" onClick={again}>
        {t("다시 시도")}
      </button>
    </div>
  );
}

function ThreadSkeleton() {
  return (
    <div class="skeleton-thread" role="status" aria-label={t("대화를 불러오는 중이에요")}>
      <span class="skeleton bubble-like" />
      <span class="skeleton bubble-like right" />
      <span class="skeleton bubble-like" />
    </div>
  );
}

/** Scrolls to a line and marks it for a moment; opens the fold or older page that hides it. */
function useJump(
  list: { current: HTMLElement | null },
  jump: { seq: number; count: number } | null,
  items: Item[],
  botOpen: boolean,
  toggleBot: () => void,
  drawAll: () => void,
): void {
  useEffect(() => {
    if (!jump) return;
    const find = (): HTMLElement | null => list.current?.querySelector(`[data-seq="${jump.seq}"]`) ?? null;
    const folded = items.some((item) => item.kind === "bot" && item.messages.some((message) => message.seq === jump.seq));
    if (folded && !botOpen) toggleBot();
    else if (!find()) drawAll();
    let timer: ReturnType<typeof setTimeout>;
    // A line that is older than what was loaded comes with it.
    const show = (left: number): void => {
      const line = find();
      if (!line) {
        if (left > 0) timer = setTimeout(() => show(left - 1), 60);
        return;
      }
      line.scrollIntoView({ block: "center" });
      line.focus({ preventScroll: true });
      line.classList.add("marked");
      setTimeout(() => line.classList.remove("marked"), 1_600);
    };
    timer = setTimeout(() => show(50), 60);
    return () => clearTimeout(timer);
    // Only a new jump moves the list, not what changes in it.
  }, [jump]);
}
