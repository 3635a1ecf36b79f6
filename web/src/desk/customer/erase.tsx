import { UserRoundX } from "lucide-preact";
import { useState } from "preact/hooks";
import { wordsOf } from "../api";
import { useDesk } from "../context";
import { Dialog } from "../dialog";
import { t } from "../text";
import { nameOf } from "../words";
import * as calls from "./calls";
import type { Customer } from "./types";

/** Forgets a customer whole. It can't be undone, hence the name has to be typed. */
export function Erase({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="btn small ghost erase-open" onClick={() => setOpen(true)}>
        <UserRoundX size={14} aria-hidden="true" /> {t("이 고객 잊기")}
      </button>
      {open && <EraseDialog customer={customer} onDone={onDone} onClose={() => setOpen(false)} />}
    </>
  );
}

function EraseDialog({ customer, onDone, onClose }: { customer: Customer; onDone: () => void; onClose: () => void }) {
  const desk = useDesk();
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const name = nameOf(customer.name);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (typed.trim() !== name) return setProblem(t("이름이 달라요. 위에 있는 이름을 그대로 적어 주세요"));
    setBusy(true);
    try {
      await calls.erase(desk.api, customer.id);
      desk.toast({ text: t("{name} 고객의 정보를 모두 지웠어요", { name }), tone: "ok" });
      onClose();
      onDone();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("이 고객 잊기")} class="sheet" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <p class="told">
          {t("모든 대화의 말과 파일, 이름과 연락처, 메모, 기억한 내용이 지워져요. 언제 누가 상담했는지만 남아요. 되돌릴 수 없어요.")}
        </p>
        <div class="field">
          <label for="erase-name">{t("지우려면 이름을 적어 주세요: {name}", { name })}</label>
          <input
            id="erase-name"
            type="text"
            autocomplete="off"
            data-focus=""
            value={typed}
            aria-describedby="erase-problem"
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              setProblem("");
            }}
          />
        </div>
        <p class="problem" id="erase-problem" role="alert">
          {problem}
        </p>
        <footer>
          <button type="button" class="btn ghost" onClick={onClose}>
            {t("취소")}
          </button>
          <button type="submit" class="btn danger" disabled={busy} aria-busy={busy}>
            {busy ? t("지우는 중") : t("모두 지우기")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
