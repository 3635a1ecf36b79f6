import { useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { useDesk } from "../context";
import { t } from "../text";
import { nameOf } from "../words";
import * as calls from "./calls";
import type { Acting } from "./customer";
import type { Merge } from "./types";

/** Who was merged, by whom, and how to part them again: at any time, whatever came after. */
export function Merges({ customer, act, may }: Acting) {
  const desk = useDesk();
  const [asking, setAsking] = useState(0);
  if (!customer.merges.length) return null;
  const undo = async (merge: Merge): Promise<void> => {
    setAsking(0);
    const name = nameOf(merge.gone.name);
    await act(() => calls.undo(desk.api, customer, merge.id), t("{name} 고객을 다시 나눴어요", { name }));
  };
  return (
    <ul class="merges" aria-label={t("합친 기록")}>
      {customer.merges.map((merge) => (
        <li key={merge.id}>
          <p>{told(merge)}</p>
          <p class="meta">
            {merge.actor.name} · {when(merge.at)}
            {merge.reason && ` · ${merge.reason}`}
            {merge.state === "undone" && ` · ${t("{name} 상담원이 되돌렸어요", { name: merge.ended_by })}`}
          </p>
          {may && merge.state === "merged" && asking !== merge.id && (
            <button type="button" class="btn small" onClick={() => setAsking(merge.id)}>
              {t("되돌리기")}
            </button>
          )}
          {asking === merge.id && (
            <p class="ask" role="alert">
              <span>{t("이 고객이 가져온 연락처, 대화, 메모가 다시 따로 보여요. 지워지는 것은 없어요.")}</span>
              <button type="button" class="btn small ghost" onClick={() => setAsking(0)}>
                {t("취소")}
              </button>
              <button type="button" class="btn small" onClick={() => void undo(merge)}>
                {t("나누기")}
              </button>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function told(merge: Merge): string {
  const names = { kept: nameOf(merge.kept.name), gone: nameOf(merge.gone.name) };
  if (merge.state === "refused") return t("{kept} · {gone}: 서로 다른 고객", names);
  return t("{gone} → {kept}", names);
}
