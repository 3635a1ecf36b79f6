import { X } from "lucide-preact";
import { Assist } from "./assist/assist";
import { useAfter, useDesk, useDeskState, useWide } from "./context";
import { PacketView } from "./packet/packet";
import { packetOf } from "./state";
import { type PanelTab, useUi } from "./ui";
import { t } from "./text";

const TABS: [PanelTab, string][] = [
  ["packet", "고객 정보"],
  ["assist", "도움"],
];

/** Right of the conversation: two tabs, or both beside each other where there is room. */
export function Panel({ tab, onTab }: { tab: PanelTab; onTab: (tab: PanelTab) => void }) {
  const id = useDeskState((state) => state.selected);
  const both = useWide(1680);
  const ui = useUi();
  if (!id) return <aside class="panel none" aria-label={t("고객 정보")} />;
  const close = (
    <button type="button" class="icon-btn close-panel" aria-label={t("고객 정보 닫기")} onClick={() => ui.closePanel()}>
      <X size={20} />
    </button>
  );
  if (both) {
    return (
      <div class="panel both">
        {TABS.map(([key, label]) => (
          <aside key={key} class="pane" id={`panel-${key}`} tabIndex={-1} aria-label={t(label)}>
            <h2 class="pane-title">{t(label)}</h2>
            <Content tab={key} id={id} />
          </aside>
        ))}
      </div>
    );
  }
  return (
    <aside class="panel" aria-label={t("고객 정보와 도움")}>
      <div class="tabs">
        <div class="tab-list" role="tablist" aria-label={t("고객 정보와 도움")}>
          {TABS.map(([key, label]) => (
            <button
              key={key}
              type="button"
              role="tab"
              id={`panel-tab-${key}`}
              class="tab"
              aria-selected={key === tab}
              aria-controls={`panel-${key}`}
              onClick={() => onTab(key)}
            >
              {t(label)}
            </button>
          ))}
        </div>
        <span class="grow" />
        {close}
      </div>
      {TABS.map(([key, label]) => (
        <div key={key} class="pane" id={`panel-${key}`} role="tabpanel" tabIndex={0} aria-labelledby={`panel-tab-${key}`} hidden={key !== tab}>
          <h2 class="sr-only">{t(label)}</h2>
          {key === tab && <Content tab={key} id={id} />}
        </div>
      ))}
    </aside>
  );
}

function Content({ tab, id }: { tab: PanelTab; id: string }) {
  const desk = useDesk();
  const { packet, status, why } = useDeskState((state) => packetOf(state, id));
  const slow = useAfter(status === "loading" && !packet);
  if (!packet) {
    if (status === "failed") {
      return (
        <div class="panel-problem" role="alert">
          <p>{why}</p>
          <button type="button" class="btn small" onClick={() => void desk.loadPacket(id)}>
            {t("다시 시도")}
          </button>
        </div>
      );
    }
    return slow ? <Skeleton /> : null;
  }
  return (
    <>
      {status === "failed" && <p class="stale-hint">{t("새로 고치지 못했어요. 앞서 받은 내용이에요")}</p>}
      {tab === "packet" ? <PacketView packet={packet} /> : <Assist packet={packet} id={id} />}
    </>
  );
}

function Skeleton() {
  return (
    <div class="skeleton-panel" role="status" aria-label={t("고객 정보를 불러오는 중이에요")}>
      {[0, 1, 2, 3, 4].map((key) => (
        <span key={key} class="skeleton" />
      ))}
    </div>
  );
}
