import { CalendarSearch } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { dayKey } from "../../shared/formats";
import { formKeys } from "../form-keys";
import { t } from "../text";

/** Goes to a day in all that was said; older lines are loaded as far as it takes. */
export function DayJump({ onDay }: { onDay: (day: string) => Promise<void> }) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) field.current?.focus();
  }, [open]);
  const close = (): void => {
    setOpen(false);
    opener.current?.focus();
  };
  const go = async (): Promise<void> => {
    const day = field.current?.value;
    if (!day) return;
    setBusy(true);
    await onDay(day);
    setBusy(false);
    setOpen(false);
  };
  const pressed = formKeys(go, close);
  return (
    <div class="day-jump">
      <button
        ref={opener}
        type="button"
        class="icon-btn"
        aria-label={t("날짜로 가기")}
        title={t("날짜로 가기")}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <CalendarSearch size={18} aria-hidden="true" />
      </button>
      {open && (
        <div class="day-field" role="group" aria-label={t("날짜로 가기")} onKeyDown={pressed}>
          <input ref={field} type="date" aria-label={t("날짜")} max={dayKey(Date.now())} />
          <button type="button" class="btn small" disabled={busy} aria-busy={busy} onClick={() => void go()}>
            {busy ? t("찾는 중이에요") : t("가기")}
          </button>
        </div>
      )}
    </div>
  );
}
