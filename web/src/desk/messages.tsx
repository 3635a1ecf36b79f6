import { BookOpen, Check, CheckCheck, CircleAlert, Languages, LoaderCircle, Lock } from "lucide-preact";
import { full, time } from "../shared/formats";
import { Attachment, LeavingFile } from "./attachment";
import { useAfter, useDeskState } from "./context";
import { Undo } from "./undo";
import { Mood } from "./icons";
import { Masked } from "./history/masked";
import { type Outgoing, placed, UNSURE, unsure } from "./thread";
import type { Case, Citation, Message, Understanding } from "./types";
import { moodWord, withTitle } from "./words";
import { t } from "./text";
import { Translated } from "./translation/translated";

interface GroupProps {
  messages: Message[];
  of: Case;
  /** Show what was understood. */
  detail: boolean;
  /** The customer has read up to here; null in other conversations, where nobody asks. */
  seen: number | null;
  /** Of lines of another conversation: the case that they belong to. */
  caseId?: string;
}

/** Lines of one speaker; name above the first, time under the last. */
export function Group({ messages, of, detail, seen, caseId }: GroupProps) {
  const first = messages[0];
  const last = messages.at(-1);
  if (!first || !last) return null;
  const { kind } = first.speaker;
  if (kind === "system") return <Notice message={first} />;
  return (
    <div class={`group ${kind}`}>
      {kind !== "customer" && <Speaker message={first} />}
      {messages.map((message) => (
        <Line key={placed(message)} message={message} of={of} detail={detail} caseId={caseId} />
      ))}
      <p class="stamp" title={full(last.timestamp)}>
        {kind === "agent" && seen !== null && <Delivered read={seen >= last.seq} />}
        {time(last.timestamp)}
      </p>
    </div>
  );
}

function Speaker({ message }: { message: Message }) {
  const { kind, name } = message.speaker;
  if (kind === "note") {
    return (
      <p class="speaker">
        <Lock size={12} aria-hidden="true" /> {t("메모")} · {name} · {t("고객에게 보이지 않아요")}
      </p>
    );
  }
  return (
    <p class="speaker">
      {name}
      {kind === "bot" && <span class="badge-bot">AI</span>}
    </p>
  );
}

/** Where a line stands; a number alone is one of the open conversation. */
const marks = (message: Message): Record<string, string> => (message.section ? { "data-past": placed(message) } : { "data-seq": placed(message) });

function speakerName(message: Message, of: Case): string {
  const { kind, name } = message.speaker;
  if (kind === "customer") return withTitle(of.customer.name);
  if (kind === "note") return t("{name}의 메모", { name });
  return kind === "bot" ? `${name}, AI` : t("{name} 상담원", { name });
}

function Line({ message, of, detail, caseId }: { message: Message; of: Case; detail: boolean; caseId: string | undefined }) {
  const name = speakerName(message, of);
  const shown = shownBeside(message);
  return (
    <article class="line-box" {...marks(message)} tabIndex={-1} aria-label={`${name}, ${time(message.timestamp)}`}>
      <div class={ofAgent(message) ? "bubble sr-only" : "bubble"} lang={languageOf(message)}>
        {message.masked ? <Masked message={message} of={of} /> : message.text}
        {message.image && <img src={message.image} alt={t("보낸 이미지")} loading="lazy" />}
      </div>
      <Translated message={message} caseId={message.section ? "" : of.id} />
      {message.attachment && "id" in message.attachment && <Attachment file={message.attachment} caseId={caseId ?? of.id} />}
      {shown && <p class="choices">{shown}</p>}
      {message.buttons.length > 0 && detail && (
        <p class="choices">{t("고를 수 있던 답")}: {message.buttons.map((button) => button.title).join(" / ")}</p>
      )}
      {message.citations.length > 0 && <Sources citations={message.citations} />}
      {detail && message.understanding && <Understood of={message.understanding} />}
    </article>
  );
}

/** Where a screen reader should change its voice. */
const languageOf = ({ language }: Message): string | undefined => (language && language !== "und" ? language : undefined);

/** A file that an agent sent stands for itself; its words are for channels that show none. */
const ofAgent = ({ speaker, attachment }: Message): boolean => speaker.kind === "agent" && attachment !== undefined && "id" in attachment;

/** The place in the document and the passage, for a look without opening it. */
const foundAt = (citation: Citation): string =>
  [[...(citation.heading ?? []), citation.place ?? ""].filter(Boolean).join(" › "), citation.snippet]
    .filter(Boolean)
    .join("\n");

/** What the customer saw besides the words. */
function shownBeside({ elements, form, attachment }: Message): string {
  const parts = [
    elements?.length ? `${t("카드")}: ${elements.map((card) => card.title).join(" / ")}` : "",
    form ? `${t("양식")}: ${form.title}` : "",
    attachment && "payload" in attachment ? `${t("첨부")}: ${attachment.payload.title || attachment.payload.src}` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

export function Sources({ citations }: { citations: Citation[] }) {
  return (
    <ul class="sources" aria-label={t("출처")}>
      {citations.map((citation, place) => (
        <li key={`${citation.source}-${place}`}>
          {citation.url ? (
            <a href={citation.url} target="_blank" rel="noopener" title={foundAt(citation)}>
              <BookOpen size={12} aria-hidden="true" />
              {citation.title}
            </a>
          ) : (
            <span title={foundAt(citation)}>
              <BookOpen size={12} aria-hidden="true" />
              {citation.title}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function understoodAs(of: Understanding, intents: Record<string, string>): string {
  if (of.out_of_scope) return t("업무 밖 질문");
  // A bare value has no intent worth naming.
  if (of.confidence < UNSURE) return of.entities[0] ? `${t("값")}: ${of.entities[0].text}` : t("알아듣지 못함");
  return of.intent ? (intents[of.intent] ?? of.intent) : t("알 수 없음");
}

function Understood({ of }: { of: Understanding }) {
  const intents = useDeskState((state) => state.intents);
  const name = understoodAs(of, intents);
  const percent = Math.round(of.confidence * 100);
  return (
    <p class="understood">
      <span class={unsure(of) ? "chip unsure" : "chip"}>{name}</span>
      {of.confidence >= UNSURE && <span>{t("확신")} {percent}%</span>}
      {of.sentiment.label === "neutral" ? <span>{moodWord("neutral")}</span> : <Mood label={of.sentiment.label} />}
    </p>
  );
}

function Delivered({ read }: { read: boolean }) {
  const Icon = read ? CheckCheck : Check;
  return (
    <span class="delivered">
      <Icon size={14} aria-hidden="true" />
      {read ? t("읽음") : t("보냄")}
    </span>
  );
}

function Notice({ message }: { message: Message }) {
  return (
    <p class="notice" {...marks(message)} tabIndex={-1} title={full(message.timestamp)}>
      {message.text}
      <span>{time(message.timestamp)}</span>
    </p>
  );
}

interface OutgoingProps {
  message: Outgoing;
  onUndo: () => void;
  onAgain: () => void;
  onDrop: () => void;
}

/** A message of mine that the server hasn't taken yet. */
export function OutgoingLine({ message, onUndo, onAgain, onDrop }: OutgoingProps) {
  const slow = useAfter(message.state === "sending", 400);
  const kind = message.kind === "notes" ? "note" : "agent";
  return (
    <div class={`group ${kind} outgoing ${message.state}`}>
      <article class="line-box" aria-label={t("보내는 메시지")}>
        {message.file ? <LeavingFile file={message.file} share={message.share ?? 0} /> : <div class="bubble">{message.text}</div>}
        {message.translated && (
          <p class="translated">
            <Languages size={14} aria-hidden="true" />
            {message.translated.original}
          </p>
        )}
      </article>
      {message.state === "failed" ? (
        <p class="stamp failed">
          <CircleAlert size={14} aria-hidden="true" /> {message.why ?? t("보내지 못했어요")}
          <button type="button" class="link" onClick={onAgain}>
            {t("다시 보내기")}
          </button>
          <button type="button" class="link" onClick={onDrop}>
            {t("지우기")}
          </button>
        </p>
      ) : (
        <p class="stamp">
          {message.state === "undo" && <Undo until={message.until ?? 0} onUndo={onUndo} />}
          {message.state === "held" && t("연결되면 보낼게요")}
          {slow && (
            <>
              <LoaderCircle size={14} class="spin" aria-hidden="true" /> {t("보내는 중이에요")}
            </>
          )}
        </p>
      )}
    </div>
  );
}
