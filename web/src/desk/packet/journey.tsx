import { duration, when } from "../../shared/formats";
import { useDesk, useDeskState } from "../context";
import { Channel } from "../icons";
import { isOpen } from "../order";
import { t } from "../text";
import type { Contact } from "../types";
import { resolutionWord } from "../words";
import { Section } from "./section";

const FACES = ["매우 불만", "불만", "보통이에요", "만족", "매우 만족"];

/** The customer's contacts, newest first: channel, when, how long, with whom, how it ended and what they said of it. */
export function Journey({ caseId, contacts }: { caseId: string; contacts: Contact[] }) {
  const others = contacts.filter(({ case: of }) => of.id !== caseId);
  const open = others.filter(({ case: of }) => isOpen(of) || of.state === "callback");
  const past = others.filter((contact) => !open.includes(contact));
  return (
    <>
      {open.length > 0 && (
        <Section title={t("진행 중인 다른 상담")} count={open.length}>
          <ol class="journey">
            {open.map((contact) => (
              <ContactLine key={contact.case.id} contact={contact} />
            ))}
          </ol>
        </Section>
      )}
      <Section title={t("지난 상담")} count={past.length}>
        {past.length === 0 && <p class="none">{t("처음 온 상담이에요")}</p>}
        <ol class="journey">
          {past.map((contact) => (
            <ContactLine key={contact.case.id} contact={contact} />
          ))}
        </ol>
      </Section>
    </>
  );
}

function ContactLine({ contact }: { contact: Contact }) {
  const desk = useDesk();
  const codes = useDeskState((state) => state.codes);
  const { case: of, score, comment } = contact;
  const ended = codes.find(({ code }) => code === of.outcome?.code)?.label ?? resolutionWord(of.outcome ? of.state : "");
  const lasted = of.accepted_at && of.closed_at ? (Date.parse(of.closed_at) - Date.parse(of.accepted_at)) / 1000 : null;
  const open = (): void => {
    desk.store.dispatch({ type: "case", case: of });
    void desk.open(of.id);
  };
  return (
    <li>
      <p class="meta">
        <Channel of={of.channel} />
        {when(of.created_at)}
        {lasted !== null && ` · ${duration(lasted)}`}
        {of.agent && ` · ${of.agent.name}`}
      </p>
      <button type="button" class="text jump" onClick={open}>
        <b>{isOpen(of) ? t("진행 중") : ended || t("끝남")}</b> {of.goal ?? of.reason.text}
      </button>
      {of.outcome?.note && <p class="answer">{of.outcome.note}</p>}
      {score !== null && (
        <p class="score">
          {t("만족도 {score}/5", { score })} · {t(FACES[score - 1] ?? "")}
          {comment && ` · “${comment}”`}
        </p>
      )}
    </li>
  );
}
