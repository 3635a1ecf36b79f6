import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { useDeskState } from "../context";
import { Page } from "../page";
import { t } from "../text";
import { AgentProfiles } from "./agent-profiles";
import { Knowledge } from "./knowledge";
import { Policies } from "./policies";
import { Queues } from "./queues";
import { Replies } from "./replies";
import { Review } from "./review";
import { Users } from "./users";

const TABS: [string, string, ComponentType, boolean][] = [
  ["users", "계정", Users, true],
  ["agents", "상담원", AgentProfiles, false],
  ["queues", "대기열과 시간", Queues, false],
  ["replies", "빠른 답장", Replies, false],
  ["policies", "상담원 연결 정책", Policies, false],
  ["knowledge", "자료", Knowledge, false],
  ["review", "다시 볼 말", Review, false],
];

/** Who may do what, how cases are routed, what the bot knows and got wrong. */
export default function AdminPage() {
  const admin = useDeskState((state) => state.user?.role === "admin");
  const tabs = TABS.filter(([, , , adminOnly]) => admin || !adminOnly);
  const [tab, setTab] = useState(tabs[0]?.[0] ?? "");
  const View = tabs.find(([key]) => key === tab)?.[2];
  return (
    <Page title={t("관리")} hint={t("대기열, 답장, 정책은 config.yml에서 바꿔요")}>
      <div class="page-tabs card-tabs" role="tablist" aria-label={t("관리")}>
        {tabs.map(([key, label]) => (
          <button
            key={key}
            type="button"
            role="tab"
            class="tab"
            id={`admin-tab-${key}`}
            aria-selected={key === tab}
            aria-controls="admin-panel"
            onClick={() => setTab(key)}
          >
            {t(label)}
          </button>
        ))}
      </div>
      <div class="admin" id="admin-panel" role="tabpanel" aria-labelledby={`admin-tab-${tab}`}>
        {View && <View key={tab} />}
      </div>
    </Page>
  );
}
