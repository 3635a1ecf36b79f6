import { duration, day } from "../../shared/formats";
import { useDeskState } from "../context";
import { Channel } from "../icons";
import { t } from "../text";
import type { Case } from "../types";
import { resolutionWord } from "../words";
import type { Section } from "./types";

/** Above a part of the line: which channel, when, how long, how it ended, with whom. A heading, to go from one to the next. */
export function SectionDivider({ section, of }: { section: Section | null; of: Case }) {
  const codes = useDeskState((state) => state.codes);
  if (!section) {
    return (
      <h3 class="divider past-head now">
        <span>
          <Channel of={of.channel} /> {t("지금 대화")}
        </span>
      </h3>
    );
  }
  const lasted = section.accepted_at && section.closed_at ? (Date.parse(section.closed_at) - Date.parse(section.accepted_at)) / 1000 : null;
  const parts = [day(section.at), lasted === null ? "" : duration(lasted), outcomeOf(section, codes), section.agent ?? ""];
  return (
    <h3 class="divider past-head" data-section={section.key}>
      <span>
        <Channel of={section.channel} /> {parts.filter(Boolean).join(" · ")}
      </span>
    </h3>
  );
}

function outcomeOf(section: Section, codes: { code: string; label: string }[]): string {
  if (section.state === null) return t("AI만 응대");
  const named = codes.find(({ code }) => code === section.outcome)?.label;
  if (named) return named;
  return section.state === "closed" || section.state === "returned" ? resolutionWord(section.state) : t("진행 중");
}
