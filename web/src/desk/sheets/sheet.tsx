import { useEffect, useState } from "preact/hooks";
import { duration } from "../../shared/formats";
import { Failure, wordsOf } from "../api";
import { useDesk, useDeskState, useNow } from "../context";
import { Dialog } from "../dialog";
import { loadSheet, saveSheet } from "../drafts";
import { ValueField } from "../packet/value-field";
import { packetOf } from "../state";
import { t } from "../text";
import type { Packet } from "../types";
import type { SheetKind } from "../ui";
import { withTitle } from "../words";
import { FollowUp, followUpAt } from "./follow-up";
import { summaryOf } from "./summary";

type EndKind = Exclude<SheetKind, "transfer">;

interface Props {
  kind: EndKind;
  id: string;
  onClose: () => void;
}

const TITLES: Record<EndKind, string> = { close: "상담 마무리", return: "AI에게 돌려주기" };
const SUBMIT: Record<EndKind, string> = { close: "마무리하기", return: "돌려주기" };
const BUSY: Record<EndKind, string> = { close: "마무리하는 중", return: "돌려주는 중" };
const NOTICE: Record<EndKind, string> = {
  close: "고객에게 “상담이 끝났어요. 새로 문의하실 수 있어요”라고 알리고, 설정돼 있으면 만족도를 물어요",
  return: "AI가 멈춘 곳부터 이어서 도와드려요. 아래 결과와 값을 AI도 알게 돼요",
};
const LATER_NOTICE = "그때까지 AI가 고객을 맡고, 시간이 되면 나에게 다시 와요";

/** Ends my part in a case. What was filled in survives closing the sheet; the time that wrapping up takes is counted. */
export function Sheet({ kind, id, onClose }: Props) {
  const desk = useDesk();
  const customer = useDeskState((state) => state.cases[id]?.customer.name ?? "");
  const codes = useDeskState((state) => state.codes);
  const packet = useDeskState((state) => packetOf(state, id).packet);
  const [values, setValues] = useState(() => loadSheet(id, kind));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (kind !== "close") return;
    return desk.wrapUp();
  }, []);
  // A closing note begins with what the packet knows, unless one was begun before.
  useEffect(() => {
    if (kind === "close" && packet && values.note === undefined) setValues((now) => ({ ...now, note: summaryOf(packet) }));
  }, [packet]);

  const set = (name: string, value: string): void => {
    const next = { ...values, [name]: value };
    setValues(next);
    saveSheet(id, kind, next);
  };
  const { code = "", note = "", later = "" } = values;

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const missing = later || code ? "" : t("결과를 골라 주세요");
    setProblem(missing);
    if (missing) return form.querySelector<HTMLElement>("input[type=radio]")?.focus();
    setBusy(true);
    try {
      if (kind === "close" && later) await desk.followUp(id, followUpAt(later, Date.now()), note.trim() || t("다시 연락"));
      else await desk.end(id, kind, bodyOf(kind, values, packet));
      saveSheet(id, kind, null);
      onClose();
    } catch (error) {
      const changed = error instanceof Failure && error.code === "case_changed";
      setProblem(changed ? `${error.message} ${t("그대로 마치려면 한 번 더 눌러 주세요.")}` : wordsOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog title={t(TITLES[kind])} class="sheet" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <p class="sub">
          {withTitle(customer)}
          {kind === "close" && <Spent />}
        </p>
        <fieldset class="codes" aria-describedby="sheet-problem" disabled={later !== ""}>
          <legend>{t("결과")}</legend>
          {codes.map((one, place) => (
            <label key={one.code} class="code">
              <input
                type="radio"
                name="code"
                value={one.code}
                checked={code === one.code}
                data-focus={place === 0 ? "" : undefined}
                onChange={() => set("code", one.code)}
              />
              <span>{one.label}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <div class="field-head">
            <label for="sheet-note">{t("메모")}</label>
            {packet && (
              <button type="button" class="link" onClick={() => set("note", [note.trim(), summaryOf(packet)].filter(Boolean).join("\n"))}>
                {t("요약 넣기")}
              </button>
            )}
          </div>
          <textarea
            id="sheet-note"
            rows={5}
            value={note}
            placeholder={t("다음에 볼 사람과 AI를 위해 적어 주세요")}
            aria-describedby="sheet-problem"
            onInput={(event) => set("note", event.currentTarget.value)}
          />
        </div>
        {kind === "close" && <FollowUp value={later} set={(value) => set("later", value)} />}
        {kind === "return" && packet && <Values packet={packet} values={values} set={set} />}
        <p class="told">{t(later ? LATER_NOTICE : NOTICE[kind])}</p>
        <p class="problem" id="sheet-problem" role="alert">
          {problem}
        </p>
        <footer>
          <button type="button" class="btn ghost" onClick={onClose}>
            {t("취소")}
          </button>
          <button type="submit" class="btn primary" disabled={busy} aria-busy={busy}>
            {busy ? t(BUSY[kind]) : later ? t("나중에 다시 하기") : t(SUBMIT[kind])}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** How long the wrap-up takes so far. */
function Spent() {
  const now = useNow();
  const [since] = useState(now);
  return (
    <span class="spent" title={t("마무리에 쓴 시간")}>
      {duration(Math.max(0, now - since) / 1000)}
    </span>
  );
}

/** Only what was changed is sent: what is shown masked must not come back masked. */
export function bodyOf(kind: EndKind, values: Record<string, string>, packet: Packet | null): object {
  const note = (values.note ?? "").trim();
  if (kind === "close") return { code: values.code, note };
  const known = [...(packet?.missing_slots ?? []), ...(packet?.slots ?? [])];
  const slots = known.flatMap((slot) => {
    const value = (values[`slot.${slot.name}`] ?? "").trim();
    return value ? [[slot.name, value] as const] : [];
  });
  return { code: values.code, note, slots: Object.fromEntries(slots) };
}

interface ValuesProps {
  packet: Packet;
  values: Record<string, string>;
  set: (name: string, value: string) => void;
}

/** What the bot should know: missing values first. */
function Values({ packet, values, set }: ValuesProps) {
  const all = [...packet.missing_slots, ...packet.slots];
  if (!all.length) return null;
  return (
    <fieldset class="values">
      <legend>{t("AI가 알아야 할 값")}</legend>
      {all.map((slot) => (
        <label key={slot.name} class="value-field">
          <span>{slot.label}</span>
          <ValueField slot={slot} value={values[`slot.${slot.name}`] ?? ""} set={(value) => set(`slot.${slot.name}`, value)} />
        </label>
      ))}
    </fieldset>
  );
}
