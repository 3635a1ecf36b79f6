import { CalendarClock, PhoneCall, PhoneMissed, PhoneOff } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { wordsOf } from "../api";
import { useDesk, useDeskState } from "../context";
import { Dialog } from "../dialog";
import { t } from "../text";
import type { Callback, CallbackSlot, Case } from "../types";

const RESULTS = [
  ["reached", "통화했어요", PhoneCall],
  ["no_answer", "안 받아요", PhoneMissed],
  ["busy", "통화 중이에요", PhoneOff],
] as const;

/** The promise to call: when, what about, how often it was tried; who holds the case says how the call went. */
export function CallbackBar({ of, mine }: { of: Case; mine: boolean }) {
  const desk = useDesk();
  const callback = useDeskState((state) => state.callbacks[of.id]);
  const [moving, setMoving] = useState(false);
  if (!callback) return null;
  const attempt = (result: string) => (): void =>
    void desk.callback(of.id, () => desk.api.callback(of.id, "attempts", { result }), t("전화 결과를 적었어요"));
  return (
    <div class="callback-bar">
      <p>
        <CalendarClock size={16} aria-hidden="true" />
        <b>{callbackWords(callback)}</b>
        {callback.topic && <span>{callback.topic}</span>}
        {callback.attempts > 0 && <span class="meta">{t("{n}번 걸었어요", { n: callback.attempts })}</span>}
      </p>
      <div class="acts">
        {mine &&
          RESULTS.map(([result, label, Icon]) => (
            <button key={result} type="button" class="btn small" onClick={attempt(result)}>
              <Icon size={14} aria-hidden="true" /> {t(label)}
            </button>
          ))}
        {!mine && (
          <>
            <button type="button" class="btn small" onClick={() => setMoving(true)}>
              {t("시간 바꾸기")}
            </button>
            <button
              type="button"
              class="btn small ghost"
              onClick={() => void desk.callback(of.id, () => desk.api.callback(of.id, "cancel", {}), t("전화 예약을 취소했어요"))}
            >
              {t("예약 취소")}
            </button>
          </>
        )}
      </div>
      {moving && <MoveDialog of={of} callback={callback} onClose={() => setMoving(false)} />}
    </div>
  );
}

function callbackWords(callback: Callback): string {
  if (!callback.booked) return t("상담 시간이 되면 연락할 고객이에요");
  return t("{time}에 전화하기로 했어요", { time: when(callback.slot_at) });
}

function MoveDialog({ of, callback, onClose }: { of: Case; callback: Callback; onClose: () => void }) {
  const desk = useDesk();
  const [slots, setSlots] = useState<CallbackSlot[] | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    desk.api.callbackSlots(callback.queue).then(
      (found) => setSlots(found.slots),
      (error: unknown) => setProblem(wordsOf(error)),
    );
  }, []);
  const move = async (at: string): Promise<void> => {
    await desk.callback(of.id, () => desk.api.moveCallback(of.id, at), t("전화 시간을 바꿨어요"));
    onClose();
  };
  return (
    <Dialog title={t("전화 시간 바꾸기")} class="small slots-dialog" onClose={onClose}>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {slots?.length === 0 && <p class="none">{t("빈 시간이 없어요")}</p>}
      <ul class="slot-list">
        {slots?.map((slot) => (
          <li key={slot.at}>
            <button type="button" class="btn small" onClick={() => void move(slot.at)}>
              {when(slot.at)} <span class="meta">{t("{n}자리", { n: slot.free })}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
