/** The moment in which a sent message can still be called back. */
import { Undo2 } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./text";

export function Undo({ until, onUndo }: { until: number; onUndo: () => void }) {
  const [left, setLeft] = useState(() => seconds(until));
  useEffect(() => {
    const timer = setInterval(() => setLeft(seconds(until)), 250);
    return () => clearInterval(timer);
  }, [until]);
  return (
    <>
      <span class="undo-left">{t("{n}초 뒤에 보내요", { n: left })}</span>
      <button type="button" class="link undo" title={t("보낸 글 되돌리기 (빈 칸에서 Ctrl/⌘ + Z)")} onClick={onUndo}>
        <Undo2 size={14} aria-hidden="true" /> {t("되돌리기")}
      </button>
    </>
  );
}

const seconds = (until: number): number => Math.max(1, Math.ceil((until - Date.now()) / 1000));
