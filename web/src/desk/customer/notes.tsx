import { useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { useDesk } from "../context";
import { t } from "../text";
import * as calls from "./calls";
import type { Acting } from "./customer";

/** What colleagues should know of the customer, beyond one case. */
export function Notes({ customer, act, may }: Acting) {
  const desk = useDesk();
  const [text, setText] = useState("");
  const save = async (): Promise<void> => {
    const words = text.trim();
    if (words && (await act(() => calls.note(desk.api, customer.id, words), t("저장했어요")))) setText("");
  };
  if (!may && !customer.notes.length) return null;
  return (
    <div class="customer-notes">
      {customer.notes.length > 0 && (
        <ul aria-label={t("고객 메모")}>
          {customer.notes.map((note) => (
            <li key={note.id}>
              <p>{note.text}</p>
              <p class="meta">
                {note.actor.name} · {when(note.at)}
              </p>
            </li>
          ))}
        </ul>
      )}
      {may && (
        <>
          <label class="sr-only" for="customer-note">
            {t("고객 메모 쓰기")}
          </label>
          <textarea id="customer-note" rows={2} maxLength={5000} value={text} placeholder={t("다음 상담에서도 알아야 할 것")} onInput={(event) => setText(event.currentTarget.value)} />
          {text.trim() && (
            <button type="button" class="btn small" onClick={() => void save()}>
              {t("메모 남기기")}
            </button>
          )}
        </>
      )}
    </div>
  );
}
