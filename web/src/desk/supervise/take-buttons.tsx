import { useState } from "preact/hooks";
import { Dots } from "../agents/my-state";
import { wordsOf } from "../api";
import { useDesk } from "../context";
import { Dialog } from "../dialog";
import { useLoad } from "../load";
import { Shown } from "../page";
import { t } from "../text";
import type { Case } from "../types";
import { stateWord, withTitle } from "../words";

/** Take a case over, or give it to somebody. */
export function TakeButtons({ of, waiting, small = false }: { of: Case; waiting: boolean; small?: boolean }) {
  const desk = useDesk();
  const [assigning, setAssigning] = useState(false);
  const size = small ? "btn small" : "btn ghost";
  return (
    <>
      <button type="button" class={size} onClick={() => void (waiting ? desk.accept(of.id, true) : desk.takeOver(of.id))}>
        {t("가져오기")}
      </button>
      <button type="button" class={size} onClick={() => setAssigning(true)}>
        {t("배정")}
      </button>
      {assigning && <AssignDialog of={of} onClose={() => setAssigning(false)} />}
    </>
  );
}

function AssignDialog({ of, onClose }: { of: Case; onClose: () => void }) {
  const desk = useDesk();
  const board = useLoad(() => desk.api.board());
  const [picked, setPicked] = useState("");
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState("");
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!picked) return setProblem(t("누구에게 배정할지 골라 주세요"));
    try {
      await desk.assign(of.id, picked, note.trim());
      onClose();
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  return (
    <Dialog title={t("상담 배정")} class="sheet small" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <p class="sub">{withTitle(of.customer.name)}</p>
        <Shown of={board}>
          {(data) => (
            <fieldset class="colleagues">
              <legend class="sr-only">{t("상담원")}</legend>
              {data.agents
                .filter((agent) => agent.id !== of.agent?.id)
                .map((agent) => (
                  <label key={agent.id} class="colleague">
                    <input type="radio" name="agent" value={agent.id} checked={picked === agent.id} onChange={() => setPicked(agent.id)} />
                    <span class="name">{agent.name}</span>
                    <span class={`agent-state ${agent.state}`}>{stateWord(agent.state)}</span>
                    <Dots holds={agent.holds} capacity={agent.capacity} />
                  </label>
                ))}
            </fieldset>
          )}
        </Shown>
        <div class="field">
          <label for="assign-note">{t("메모")}</label>
          <textarea id="assign-note" rows={2} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        </div>
        <p class="problem" role="alert">
          {problem}
        </p>
        <footer>
          <button type="button" class="btn ghost" onClick={onClose}>
            {t("취소")}
          </button>
          <button type="submit" class="btn primary">
            {t("배정하기")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
