import { useState } from "preact/hooks";
import { Failure, wordsOf } from "./api";
import { useDesk, useDeskState } from "./context";
import { Dialog } from "./dialog";
import { loadSheet, saveSheet } from "./drafts";
import { shown } from "./packet";
import { packetOf } from "./state";
import type { MissingSlot, Packet, SlotLine } from "./types";
import type { SheetKind } from "./ui";
import { withTitle } from "./words";
import { t } from "./text";

interface Props {
  kind: SheetKind;
  id: string;
  onClose: () => void;
}

const TITLES: Record<SheetKind, string> = { close: "상담 마무리", return: "AI에게 돌려주기", transfer: "다른 상담원에게 전달" };
const SUBMIT: Record<SheetKind, string> = { close: "마무리하기", return: "돌려주기", transfer: "전달하기" };
const BUSY: Record<SheetKind, string> = { close: "마무리하는 중", return: "돌려주는 중", transfer: "전달하는 중" };
const NOTICE: Record<SheetKind, string> = {
  close: "고객에게 “상담이 끝났어요. 새로 문의하실 수 있어요”라고 알려요",
  return: "AI가 멈춘 곳부터 이어서 도와드려요. 아래 결과와 값을 AI도 알게 돼요",
  transfer: "고객에게 “다른 상담원에게 전해 드렸어요. 잠시만 기다려 주세요”라고 알려요",
};

/** Ends my part in a case. What was filled in survives closing the sheet. */
export function Sheet({ kind, id, onClose }: Props) {
  const desk = useDesk();
  const customer = useDeskState((state) => state.cases[id]?.customer.name ?? "");
  const codes = useDeskState((state) => state.codes);
  const packet = useDeskState((state) => packetOf(state, id).packet);
  const [values, setValues] = useState(() => loadSheet(id, kind));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  const set = (name: string, value: string): void => {
    const next = { ...values, [name]: value };
    setValues(next);
    saveSheet(id, kind, next);
  };
  const { code = "", note = "" } = values;

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const missing = missingWords(kind, code, note);
    setProblem(missing);
    if (missing) return form.querySelector<HTMLElement>(kind === "transfer" ? "textarea" : "input[type=radio]")?.focus();
    setBusy(true);
    try {
      await desk.end(id, kind, bodyOf(kind, values, packet));
      saveSheet(id, kind, null);
      onClose();
    } catch (error) {
      setProblem(error instanceof Failure && error.code === "case_changed" ? `${error.message} ${t("그대로 마치려면 한 번 더 눌러 주세요.")}` : wordsOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog title={t(TITLES[kind])} class="sheet" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <p class="sub">{withTitle(customer)}</p>
        {kind !== "transfer" && (
          <fieldset class="codes" aria-describedby="sheet-problem">
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
        )}
        <div class="field">
          <div class="field-head">
            <label for="sheet-note">{kind === "transfer" ? t("전달하는 이유") : t("메모")}</label>
            {packet && (
              <button type="button" class="link" onClick={() => set("note", [note.trim(), summaryOf(packet)].filter(Boolean).join("\n"))}>
                {t("요약 넣기")}
              </button>
            )}
          </div>
          <textarea
            id="sheet-note"
            rows={4}
            value={note}
            data-focus={kind === "transfer" ? "" : undefined}
            placeholder={kind === "transfer" ? t("전달하는 이유를 적어 주세요") : t("다음에 볼 사람과 AI를 위해 적어 주세요")}
            aria-describedby="sheet-problem"
            onInput={(event) => set("note", event.currentTarget.value)}
          />
        </div>
        {kind === "return" && packet && <Values packet={packet} values={values} set={set} />}
        <p class="told">{t(NOTICE[kind])}</p>
        <p class="problem" id="sheet-problem" role="alert">
          {problem}
        </p>
        <footer>
          <button type="button" class="btn ghost" onClick={onClose}>
            {t("취소")}
          </button>
          <button type="submit" class="btn primary" disabled={busy} aria-busy={busy}>
            {t(busy ? BUSY[kind] : SUBMIT[kind])}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function missingWords(kind: SheetKind, code: string, note: string): string {
  if (kind === "transfer") return note.trim() ? "" : t("전달하는 이유를 적어 주세요");
  return code ? "" : t("결과를 골라 주세요");
}

/** Only what was changed is sent: what is shown masked must not come back masked. */
export function bodyOf(kind: SheetKind, values: Record<string, string>, packet: Packet | null): object {
  const note = (values.note ?? "").trim();
  if (kind === "transfer") return { note };
  if (kind === "close") return { code: values.code, note };
  const known = [...(packet?.missing_slots ?? []), ...(packet?.slots ?? [])];
  const slots = known.flatMap((slot) => {
    const value = (values[`slot.${slot.name}`] ?? "").trim();
    return value ? [[slot.name, value] as const] : [];
  });
  return { code: values.code, note, slots: Object.fromEntries(slots) };
}

function summaryOf(packet: Packet): string {
  return packet.summary.map(({ label, text }) => `${label}: ${text}`).join("\n");
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

function ValueField({ slot, value, set }: { slot: MissingSlot | SlotLine; value: string; set: (value: string) => void }) {
  const now = "value" in slot ? shown(slot.value) : "";
  const choices: [string, string][] =
    slot.type === "bool"
      ? [
          ["true", t("네")],
          ["false", t("아니요")],
        ]
      : slot.choices.map((choice) => [String(choice), String(choice)]);
  if (choices.length) {
    return (
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{now ? t("그대로 ({now})", { now }) : t("모름")}</option>
        {choices.map(([key, label]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      type="text"
      inputMode={slot.type === "float" ? "decimal" : "text"}
      value={value}
      placeholder={now ? t("그대로 ({now})", { now }) : t("모름")}
      onInput={(event) => set(event.currentTarget.value)}
    />
  );
}
