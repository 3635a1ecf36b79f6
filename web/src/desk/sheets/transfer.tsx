import { useEffect, useState } from "preact/hooks";
import { wordsOf } from "../api";
import { Dots } from "../agents/my-state";
import { useDesk, useDeskState } from "../context";
import { Dialog } from "../dialog";
import { loadSheet, saveSheet } from "../drafts";
import { packetOf } from "../state";
import { t } from "../text";
import type { Board, BoardAgent } from "../types";
import { stateWord, withTitle } from "../words";
import { summaryOf } from "./summary";

const TARGETS = [
  ["next", "다음 상담원"],
  ["agent", "상담원"],
  ["queue", "다른 대기열"],
  ["skill", "기술"],
] as const;

/** For whoever is next, a colleague, another queue or people with a skill; or only a question to a colleague. */
export function TransferSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const desk = useDesk();
  const me = useDeskState((state) => state.user?.id ?? "");
  const of = useDeskState((state) => state.cases[id]);
  const queues = useDeskState((state) => state.queues);
  const packet = useDeskState((state) => packetOf(state, id).packet);
  const [values, setValues] = useState<Record<string, string>>(() => ({ to: "next", ...loadSheet(id, "transfer") }));
  const [board, setBoard] = useState<Board | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");
  useEffect(() => {
    desk.api.board().then(setBoard, () => undefined);
  }, []);
  const set = (name: string, value: string): void => {
    const next = { ...values, [name]: value };
    setValues(next);
    saveSheet(id, "transfer", next);
    setProblem("");
  };
  const colleagues = (board?.agents ?? []).filter((agent) => agent.id !== me);
  const skills = [...new Set([...(of?.skills ?? []), ...colleagues.flatMap((agent) => Object.keys(agent.profile.skills))])].sort();
  const others = Object.entries(queues).filter(([name]) => name !== of?.queue);
  const { to = "next", note = "" } = values;

  const go = async (act: "transfer" | "consult", event?: Event): Promise<void> => {
    event?.preventDefault();
    const missing = missingWords(values);
    if (missing) return setProblem(missing);
    setBusy(act);
    try {
      if (act === "consult") await desk.consult(id, values.agent ?? "", note.trim());
      else await desk.end(id, "transfer", bodyOfTransfer(values));
      saveSheet(id, "transfer", null);
      onClose();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy("");
    }
  };

  return (
    <Dialog title={t("다른 상담원에게 전달")} class="sheet transfer" onClose={onClose}>
      <form onSubmit={(event) => void go("transfer", event)} noValidate>
        <p class="sub">{withTitle(of?.customer.name ?? "")}</p>
        <fieldset class="codes targets">
          <legend>{t("누구에게")}</legend>
          {TARGETS.map(([key, label]) => (
            <label key={key} class="code">
              <input type="radio" name="to" value={key} checked={to === key} onChange={() => set("to", key)} />
              <span>{t(label)}</span>
            </label>
          ))}
        </fieldset>
        {to === "agent" && <Colleagues agents={colleagues} picked={values.agent ?? ""} pick={(agent) => set("agent", agent)} />}
        {to === "queue" && <Pick label={t("대기열")} options={others} value={values.queue ?? ""} pick={(queue) => set("queue", queue)} />}
        {to === "skill" && (
          <Pick label={t("기술")} options={skills.map((skill) => [skill, skill])} value={values.skill ?? ""} pick={(skill) => set("skill", skill)} />
        )}
        <div class="field">
          <div class="field-head">
            <label for="sheet-note">{t("전달하는 이유")}</label>
            {packet && (
              <button type="button" class="link" onClick={() => set("note", [note.trim(), summaryOf(packet)].filter(Boolean).join("\n"))}>
                {t("요약 넣기")}
              </button>
            )}
          </div>
          <textarea
            id="sheet-note"
            rows={3}
            value={note}
            data-focus=""
            placeholder={t("전달하는 이유를 적어 주세요")}
            aria-describedby="sheet-problem"
            onInput={(event) => set("note", event.currentTarget.value)}
          />
        </div>
        <p class="told">{t("고객에게 전해 드렸다고 알려요. 받지 못하면 이유와 함께 나에게 돌아와요")}</p>
        <p class="problem" id="sheet-problem" role="alert">
          {problem}
        </p>
        <footer>
          <button type="button" class="btn ghost" onClick={onClose}>
            {t("취소")}
          </button>
          {to === "agent" && (
            <button type="button" class="btn" disabled={busy !== ""} onClick={() => void go("consult")}>
              {t("먼저 물어보기")}
            </button>
          )}
          <button type="submit" class="btn primary" disabled={busy !== ""} aria-busy={busy === "transfer"}>
            {busy === "transfer" ? t("전달하는 중") : t("전달하기")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function missingWords(values: Record<string, string>): string {
  const { to = "next", note = "" } = values;
  if (to !== "next" && !values[to]) return t("누구에게 전달할지 골라 주세요");
  return note.trim() ? "" : t("전달하는 이유를 적어 주세요");
}

/** What the server is asked for. */
export function bodyOfTransfer(values: Record<string, string>): object {
  const note = (values.note ?? "").trim();
  if (values.to === "agent") return { note, to_agent: values.agent };
  if (values.to === "queue") return { note, queue: values.queue };
  return values.to === "skill" ? { note, skills: [values.skill] } : { note };
}

function Colleagues({ agents, picked, pick }: { agents: BoardAgent[]; picked: string; pick: (id: string) => void }) {
  if (!agents.length) return <p class="none">{t("지금 자리에 있는 상담원이 없어요")}</p>;
  return (
    <fieldset class="colleagues">
      <legend class="sr-only">{t("상담원")}</legend>
      {agents.map((agent) => (
        <label key={agent.id} class="colleague">
          <input type="radio" name="agent" value={agent.id} checked={picked === agent.id} onChange={() => pick(agent.id)} />
          <span class="name">{agent.name}</span>
          <span class={`agent-state ${agent.state}`}>{stateWord(agent.state)}</span>
          <Dots holds={agent.holds} capacity={agent.capacity} />
        </label>
      ))}
    </fieldset>
  );
}

interface PickProps {
  label: string;
  options: [string, string][];
  value: string;
  pick: (value: string) => void;
}

function Pick({ label, options, value, pick }: PickProps) {
  if (!options.length) return <p class="none">{t("고를 것이 없어요")}</p>;
  return (
    <label class="value-field">
      <span>{label}</span>
      <select value={value} onChange={(event) => pick(event.currentTarget.value)}>
        <option value="">{t("골라 주세요")}</option>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
