import { useState } from "preact/hooks";
import { useDesk, useDeskState } from "../context";
import { useLoad } from "../load";
import { Shown } from "../page";
import { t } from "../text";
import type { Agent } from "../types";

/** What routing knows of agents: team, queues, skills, languages, how much each holds at once. */
export function AgentProfiles() {
  const desk = useDesk();
  const agents = useLoad(() => desk.api.agents());
  return (
    <Shown of={agents}>
      {(data) => (
        <>
          {data.agents.map((agent) => (
            <Profile key={agent.id} agent={agent} />
          ))}
        </>
      )}
    </Shown>
  );
}

const listOf = (text: string): string[] => text.split(",").map((part) => part.trim()).filter(Boolean);

/** `card 5, loan 3` and back. */
export function skillsOf(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const part of listOf(text)) {
    const [, name = "", level = "3"] = /^(.+?)(?:\s+(\d))?$/.exec(part) ?? [];
    if (name) found[name] = Math.min(5, Math.max(1, Number(level)));
  }
  return found;
}

export const skillWords = (skills: Record<string, number>): string =>
  Object.entries(skills)
    .map(([name, level]) => `${name} ${level}`)
    .join(", ");

const numberOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

function Profile({ agent }: { agent: Agent }) {
  const desk = useDesk();
  const queues = useDeskState((state) => state.queues);
  const { profile } = agent;
  const [changed, setChanged] = useState(false);
  const [served, setServed] = useState(profile.queues);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => String(fields.get(name) ?? "");
    const body = {
      team: text("team").trim(),
      queues: served,
      skills: skillsOf(text("skills")),
      languages: listOf(text("languages")),
      voice: numberOf(text("voice")),
      chat: numberOf(text("chat")),
    };
    const done = await desk.trying(() => desk.api.setProfile(agent.id, body));
    if (!done) return;
    setChanged(false);
    desk.toast({ text: t("저장했어요"), tone: "ok" });
  };
  return (
    <form class="card" onSubmit={submit} onInput={() => setChanged(true)}>
      <h3>{agent.name}</h3>
      <div class="form-row">
        <label>
          {t("팀")}
          <input name="team" defaultValue={profile.team} />
        </label>
        <label>
          {t("기술과 수준 (1~5)")}
          <input name="skills" defaultValue={skillWords(profile.skills)} placeholder="card 5, loan 3" />
        </label>
        <label>
          {t("언어")}
          <input name="languages" defaultValue={profile.languages.join(", ")} />
        </label>
        <label>
          {t("동시 통화")}
          <input name="voice" type="number" min={0} max={20} defaultValue={profile.voice ?? ""} placeholder={t("기본값")} />
        </label>
        <label>
          {t("동시 대화")}
          <input name="chat" type="number" min={0} max={50} defaultValue={profile.chat ?? ""} placeholder={t("기본값")} />
        </label>
      </div>
      <fieldset class="checks">
        <legend>{t("대기열 (고르지 않으면 모두)")}</legend>
        {Object.entries(queues).map(([name, label]) => (
          <label key={name} class="code">
            <input
              type="checkbox"
              checked={served.includes(name)}
              onChange={(event) =>
                setServed(event.currentTarget.checked ? [...served, name] : served.filter((one) => one !== name))
              }
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      {changed && (
        <div class="save-bar">
          <span>{t("저장하지 않은 변경이 있어요")}</span>
          <button type="submit" class="btn primary">
            {t("저장")}
          </button>
        </div>
      )}
    </form>
  );
}
