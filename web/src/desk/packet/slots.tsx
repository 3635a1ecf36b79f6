import { Circle, CircleCheck, CircleDashed, Eye, Pencil } from "lucide-preact";
import { useState } from "preact/hooks";
import { formKeys } from "../form-keys";
import { useDesk } from "../context";
import { useSeen } from "../seen";
import { t } from "../text";
import type { MissingSlot, Packet, SlotLine } from "../types";
import { useUi } from "../ui";
import { sourceWord } from "../words";
import { Section } from "./section";
import { shown, ValueField } from "./value-field";

/** What is known, missing ones first; who has the case corrects them, and the bot knows it. */
export function Slots({ packet, mine, may }: { packet: Packet; mine: boolean; may: boolean }) {
  const { missing_slots: missing, slots } = packet;
  const [editing, setEditing] = useState("");
  const close = (): void => setEditing("");
  return (
    <Section title={t("확인한 값")} count={slots.length}>
      {missing.length + slots.length === 0 && <p class="none">{t("확인한 값이 없어요")}</p>}
      <dl class="slots">
        {[...missing, ...slots].map((slot) => (
          <div key={slot.name} class={isKnown(slot) ? "slot" : "slot missing"}>
            <dt>{slot.label}</dt>
            <dd>
              {editing === slot.name ? (
                <Editor slot={slot} caseId={packet.case_id} onClose={close} />
              ) : (
                <>
                  {isKnown(slot) ? <Known slot={slot} caseId={packet.case_id} may={may} /> : <Unknown />}
                  {mine && (
                    <button
                      type="button"
                      class="icon-btn small edit"
                      aria-label={t("{label} 고치기", { label: slot.label })}
                      onClick={() => setEditing(slot.name)}
                    >
                      <Pencil size={14} aria-hidden="true" />
                    </button>
                  )}
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Unknown() {
  return (
    <>
      <CircleDashed size={14} aria-hidden="true" /> {t("아직 몰라요")}
    </>
  );
}

function Known({ slot, caseId, may }: { slot: SlotLine; caseId: string; may: boolean }) {
  const ui = useUi();
  const { source_seq: seq } = slot;
  const Icon = slot.confirmed ? CircleCheck : Circle;
  const proof = `${sourceWord(slot.source)}${slot.confirmed ? "" : t(" · 확인 전")}`;
  return (
    <>
      <Value slot={slot} caseId={caseId} may={may} />
      <span class={slot.confirmed ? "proof confirmed" : "proof"}>
        <Icon size={14} aria-hidden="true" />
        {seq === null ? (
          proof
        ) : (
          <button type="button" class="link" title={t("이 메시지로 가기")} onClick={() => ui.jump(seq)}>
            {proof}
          </button>
        )}
      </span>
    </>
  );
}

/** Masked values are shown for a while on demand; the server records who looked. */
function Value({ slot, caseId, may }: { slot: SlotLine; caseId: string; may: boolean }) {
  const desk = useDesk();
  const [seen, setSeen] = useSeen();
  const text = shown(slot.value);
  if (seen) return <span class="value">{seen}</span>;
  return (
    <span class="value">
      {text}
      {may && text.includes("*") && (
        <button
          type="button"
          class="icon-btn small"
          aria-label={t("{label} 보기", { label: slot.label })}
          title={t("보면 기록에 남아요")}
          onClick={() => void desk.trying(async () => setSeen(await desk.api.reveal(caseId, slot.name)))}
        >
          <Eye size={14} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}

function Editor({ slot, caseId, onClose }: { slot: SlotLine | MissingSlot; caseId: string; onClose: () => void }) {
  const desk = useDesk();
  const [value, setValue] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    if (!value.trim()) return onClose();
    setBusy(true);
    const done = await desk.setSlots(caseId, { [slot.name]: value.trim() });
    setBusy(false);
    if (done) onClose();
  };
  const pressed = formKeys(save, onClose);
  return (
    <div class="slot-editor" onKeyDown={pressed}>
      <ValueField slot={slot} value={value} set={setValue} label={slot.label} focus />
      <button type="button" class="btn small" disabled={busy} onClick={() => void save()}>
        {t("저장")}
      </button>
    </div>
  );
}

function isKnown(slot: SlotLine | MissingSlot): slot is SlotLine {
  return "value" in slot;
}
