import { BadgeCheck, Eye, Link2, Plus, Trash2, Undo2 } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formKeys } from "../form-keys";
import { useDesk } from "../context";
import { useSeen } from "../seen";
import { t } from "../text";
import * as calls from "./calls";
import type { Acting } from "./customer";
import type { Identity } from "./types";
import { kindWord, originWord } from "./words";

const OURS = new Set(["phone", "email"]);

/** By what the customer is known, and whether somebody has checked it. */
export function Identities(acting: Acting) {
  const { customer, may } = acting;
  const [adding, setAdding] = useState(false);
  return (
    <>
      <ul class="identities" aria-label={t("신원")}>
        {customer.identities.map((identity) => (
          <Line key={identity.ref} identity={identity} {...acting} />
        ))}
      </ul>
      {customer.identities.length === 0 && <p class="none">{t("알려진 연락처가 없어요")}</p>}
      {may &&
        (adding ? (
          <NewIdentity {...acting} onClose={() => setAdding(false)} />
        ) : (
          <button type="button" class="link add-identity" onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden="true" /> {t("연락처 더하기")}
          </button>
        ))}
    </>
  );
}

function Line({ identity, customer, act, may }: Acting & { identity: Identity }) {
  const desk = useDesk();
  const [seen, setSeen] = useSeen();
  const { ref, kind, verified } = identity;
  const named = { kind: kindWord(kind) };
  const Proof = verified ? BadgeCheck : Link2;
  return (
    <li>
      <span class="channel-name">{named.kind}</span>
      <span class="id" title={originWord(identity.source)}>
        {seen || identity.value}
      </span>
      <span class={verified ? "proof confirmed" : "proof"}>
        <Proof size={14} aria-hidden="true" />
        {verified ? t("확인됨") : t("미확인")}
      </span>
      {may && (
        <span class="identity-acts">
          {!seen && (
            <button
              type="button"
              class="icon-btn small"
              aria-label={t("{kind} 보기", named)}
              title={t("보면 기록에 남아요")}
              onClick={() => void desk.trying(async () => setSeen(await calls.reveal(desk.api, customer.id, ref)))}
            >
              <Eye size={14} aria-hidden="true" />
            </button>
          )}
          {OURS.has(kind) && (
            <>
              <button
                type="button"
                class="icon-btn small"
                aria-label={verified ? t("{kind} 확인 취소", named) : t("{kind} 확인했음", named)}
                title={verified ? t("확인 취소") : t("본인 것이 맞는지 확인했을 때 눌러 주세요")}
                onClick={() => void act(() => calls.verify(desk.api, customer.id, ref, !verified), t("저장했어요"))}
              >
                {verified ? <Undo2 size={14} aria-hidden="true" /> : <BadgeCheck size={14} aria-hidden="true" />}
              </button>
              <button
                type="button"
                class="icon-btn small"
                aria-label={t("{kind} 지우기", named)}
                onClick={() => void act(() => calls.removeIdentity(desk.api, customer.id, ref), t("지웠어요"))}
              >
                <Trash2 size={14} aria-hidden="true" />
              </button>
            </>
          )}
        </span>
      )}
    </li>
  );
}

function NewIdentity({ customer, act, onClose }: Acting & { onClose: () => void }) {
  const desk = useDesk();
  const [value, setValue] = useState("");
  const [verified, setVerified] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const save = async (): Promise<void> => {
    if (!value.trim()) return onClose();
    const identity = { kind: value.includes("@") ? "email" : "phone", value: value.trim(), verified };
    if (await act(() => calls.addIdentity(desk.api, customer.id, identity), t("저장했어요"))) onClose();
  };
  const pressed = formKeys(save, onClose);
  return (
    <div class="customer-form" role="group" aria-label={t("연락처 더하기")} onKeyDown={pressed}>
      <label>
        <span>{t("전화번호나 메일 주소")}</span>
        <input type="text" maxLength={254} value={value} ref={first} onInput={(event) => setValue(event.currentTarget.value)} />
      </label>
      <label class="check">
        <input type="checkbox" checked={verified} onChange={(event) => setVerified(event.currentTarget.checked)} />
        <span>{t("본인 것이 맞는지 확인했어요")}</span>
      </label>
      <p class="acts">
        <button type="button" class="btn small ghost" onClick={onClose}>
          {t("취소")}
        </button>
        <button type="button" class="btn small" onClick={() => void save()}>
          {t("저장")}
        </button>
      </p>
    </div>
  );
}
