import { memo } from "./memo";
import { badge, duration, when } from "../shared/formats";
import { Channel, Clock, Mood } from "./icons";
import { loadDraft } from "./drafts";
import { isMine, isOpen, pressure, waitsSince } from "./order";
import type { Case } from "./types";
import { lastSpeaker, nameOf, resolutionWord, urgencyWord } from "./words";
import { t } from "./text";

interface Props {
  of: Case;
  me: string;
  now: number;
  current: boolean;
  /** The list holds waiting and held cases side by side. */
  mixed: boolean;
  onOpen: (id: string) => void;
}

/** Seconds are shown for ten minutes; then half a minute is precise enough. */
function coarse(seconds: number): number {
  return seconds < 600 ? Math.floor(seconds) : Math.floor(seconds / 30) * 30;
}

function RowView({ of, me, now, current, mixed, onOpen }: Props) {
  const since = waitsSince(of);
  const waited = since === null ? null : coarse(Math.max(0, (now - since) / 1000));
  const strain = pressure(of, now);
  const draft = isMine(of, me) && !current ? loadDraft(me, of.id).reply.trim() : "";
  return (
    <li>
      <button
        type="button"
        class={`row ${strain}`}
        data-id={of.id}
        aria-current={current}
        onClick={() => onOpen(of.id)}
      >
        <span class="line">
          <Channel of={of.channel} />
          <span class="name">{nameOf(of.customer.name)}</span>
          {of.urgency !== "normal" && isOpen(of) && <span class={`urgency ${of.urgency}`}>{urgencyWord(of.urgency)}</span>}
          <Time of={of} waited={waited} strain={strain} now={now} />
        </span>
        <span class="line second">
          <span class="words">
            {draft ? (
              <>
                <b class="drafted">{t("작성 중:")}</b> {draft}
              </>
            ) : (
              `${lastSpeaker(of, me)}${of.last_message?.text ?? of.reason.text}`
            )}
          </span>
          {isOpen(of) && of.sentiment?.label === "negative" && <Mood label="negative" />}
          <Tail of={of} me={me} mixed={mixed} />
        </span>
      </button>
    </li>
  );
}

function Time({ of, waited, strain, now }: { of: Case; waited: number | null; strain: string; now: number }) {
  if (waited === null) {
    const at = of.closed_at ?? of.last_message?.timestamp ?? of.created_at;
    return <span class="time calm">{when(at, now)}</span>;
  }
  return (
    <span class={`time ${strain}`}>
      {strain !== "calm" && <Clock size={12} aria-hidden="true" />}
      {duration(waited)}
      {strain === "late" && <b>{t("초과")}</b>}
    </span>
  );
}

function Unread({ count }: { count: number }) {
  return (
    <span class="unread">
      <span class="sr-only">{t("안 읽은 메시지")} </span>
      {badge(count)}
    </span>
  );
}

function Tail({ of, me, mixed }: { of: Case; me: string; mixed: boolean }) {
  if (of.unread > 0 && isMine(of, me)) return <Unread count={of.unread} />;
  if (!isOpen(of)) return <span class="tag">{resolutionWord(of.outcome?.code === "left_queue" ? "abandoned" : of.state)}</span>;
  if (of.agent && !isMine(of, me)) return <span class="tag">{of.agent.name}</span>;
  if (!mixed) return null;
  return <span class="tag">{of.agent ? t("내 대화") : t("대기")}</span>;
}

/** What a row shows changes with the clock only while somebody waits. */
export const Row = memo(RowView, (before, after) => {
  const same = before.of === after.of && before.current === after.current && before.me === after.me;
  const ticking = waitsSince(after.of) !== null;
  return same && !ticking && Math.floor(before.now / 60_000) === Math.floor(after.now / 60_000);
});
