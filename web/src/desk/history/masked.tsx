import { Eye } from "lucide-preact";
import { useDesk, useDeskState } from "../context";
import { isMine } from "../order";
import { useSeen } from "../seen";
import { t } from "../text";
import type { Case, Message } from "../types";

/** A line of another conversation with personal data in it: shown for a while on demand; the server records who looked. */
export function Masked({ message, of }: { message: Message; of: Case }) {
  const desk = useDesk();
  const user = useDeskState((state) => state.user);
  const [seen, setSeen] = useSeen();
  const may = isMine(of, user?.id ?? "") || user?.role !== "agent";
  const show = async (): Promise<void> => {
    const body = { conversation_id: (message.section ?? "").split("#")[0] ?? "", seq: message.seq };
    const path = `cases/${encodeURIComponent(of.id)}/history/reveal`;
    setSeen((await desk.api.call<{ value: string }>("POST", path, body)).value);
  };
  if (seen) return <>{seen}</>;
  return (
    <>
      {message.text}
      {may && (
        <button type="button" class="icon-btn small" aria-label={t("가린 값 보기")} title={t("보면 기록에 남아요")} onClick={() => void desk.trying(show)}>
          <Eye size={14} aria-hidden="true" />
        </button>
      )}
    </>
  );
}
