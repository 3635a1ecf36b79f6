import { useDesk, useDeskState } from "./context";
import { Dialog } from "./dialog";
import { casesIn } from "./state";
import { t } from "./text";

export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const desk = useDesk();
  const held = useDeskState((state) => casesIn(state, "mine").length);
  return (
    <Dialog title={t("로그아웃")} class="small" onClose={onClose}>
      <p>
        {held > 0
          ? t("맡은 상담이 {n}건 있어요. 로그아웃해도 내 상담으로 남지만, 고객은 답을 기다리게 돼요.", { n: held })
          : t("로그아웃하면 새 상담이 들어오지 않아요.")}
      </p>
      <footer>
        <button type="button" class="btn ghost" data-focus="" onClick={onClose}>
          {t("취소")}
        </button>
        <button type="button" class="btn primary" onClick={() => void desk.signOut()}>
          {t("로그아웃")}
        </button>
      </footer>
    </Dialog>
  );
}
