import type { ComponentChildren } from "preact";
import { X } from "lucide-preact";
import { Assist } from "./assist/assist";
import { useAfter, useDesk, useDeskState, useWide } from "./context";
import { PacketView } from "./packet/packet";
import { packetOf } from "./state";
import { ofCase } from "./trace/calls";
import { TraceView } from "./trace/trace";
import { type PanelTab, useUi } from "./ui";
import { t } from "./text";

const TABS: [PanelTab, string][] = [
  ["packet", "고객 정보"],
  ["assist", "도움"],
  ["trace", "흐름"],
];

/** Right of the conversation: tabs, or the customer beside the others where there is room. */
export function Panel({ tab, onTab }: { tab: PanelTab; onTab: (tab: PanelTab) => void }) {
  const id = useDeskState((state) => state.selected);
  const both = useWide(1680);
  const ui = useUi();
  if (!id) return <aside class="panel none" aria-label={t("고객 정보")} />;
  if (both) {
    return (
      <div class="panel both">
        <aside class="pane" id="panel-packet" tabIndex={-1} aria-label={t("고객 정보")}>
          <h2 class="pane-title">{t("고객 정보")}</h2>
          <Content tab="packet" id={id} />
        </aside>
        <Tabbed class="panel-side" label={t("도움과 흐름")} tabs={TABS.slice(1)} tab={tab === "packet" ? "assist" : tab} onTab={onTab} id={id} />
      </div>
    );
  }
  return (
    <Tabbed class="panel" label={t("고객 정보와 도움")} tabs={TABS} tab={tab} onTab={onTab} id={id}>
      <button type="button" class="icon-btn close-panel" aria-label={t("고객 정보 닫기")} onClick={() => ui.closePanel()}>
        <X size={20} />
      </button>
    </Tabbed>
  );
}

interface TabbedProps {
  class: string;
  label: string;
  tabs: [PanelTab, string][];
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  id: string;
  children?: ComponentChildren;
}

function Tabbed({ class: place, label: name, tabs, tab, onTab, id, children }: TabbedProps) {
  return (
    <aside class={place} aria-label={name}>
      <div class="tabs">
        <div class="tab-list" role="tablist" aria-label={name}>
          {tabs.map(([key, label]) => (
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
        {children}
      </div>
      {tabs.map(([key, label]) => (
        <div key={key} class="pane" id={`panel-${key}`} role="tabpanel" tabIndex={0} aria-labelledby={`panel-tab-${key}`} hidden={key !== tab}>
          <h2 class="sr-only">{t(label)}</h2>
          {key === tab && <Content tab={key} id={id} />}
        </div>
      ))}
    </aside>
  );
}

function Content({ tab, id }: { tab: PanelTab; id: string }) {
  return tab === "trace" ? <CaseTrace id={id} /> : <OfPacket tab={tab} id={id} />;
}

function CaseTrace({ id }: { id: string }) {
  const conversation = useDeskState((state) => state.cases[id]?.conversation_id);
  return conversation ? <TraceView key={id} of={ofCase(id, conversation)} /> : null;
}

function OfPacket({ tab, id }: { tab: PanelTab; id: string }) {
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
