import type { JSX } from "preact";
import { full, time } from "../shared/formats";
import { absolute } from "./address";
import { Feedback } from "./Feedback";
import { Icon, type IconName } from "./icons";
import { Markdown } from "./markdown";
import { part } from "./part";
import type { Attachment, Button, Citation } from "./protocol";
import type { FormProps } from "./rich/FormView";
import { TEXT } from "./texts";
import type { Delivery, Line, Place } from "./thread";

const STATES = {
  waiting: ["clock", "waiting"],
  sending: ["clock", "sending"],
  sent: ["check", "sent"],
  read: ["checks", "read"],
  failed: ["alert", "failed"],
} as const satisfies Record<Delivery, readonly [IconName, keyof typeof TEXT]>;

const Cards = part(() => import("./rich/Cards"));
const SentFile = part(() => import("./rich/SentFile"));
const FormView = part(() => import("./rich/FormView"));

export interface MessageActions {
  onSource: (citation: Citation, line: Line, opener: HTMLElement) => void;
  onJudge: (id: string, value: "up" | "down", reason?: string) => void;
  onHuman: () => void;
  onRetry: (id: string) => void;
  onDiscard: (id: string) => void;
  /** A button of a card. */
  onPress: (button: Button) => void;
  /** Where paths of the server lead. */
  origin: string;
  /** Opens the customer's own files. */
  token: string;
  /** What becomes of the form of a line. */
  formOf: (line: Line) => Omit<FormProps, "id" | "form">;
}

interface Props extends Place, MessageActions {
  judged: "up" | "down" | undefined;
  /** The latest of the customer's own lines tells how far it got; older ones only if they got nowhere. */
  latestOwn: boolean;
  personInReach: boolean;
}

/** One line of the thread, in the shape of its speaker. */
export function Message(props: Props): JSX.Element {
  const { line, first, last } = props;
  const { kind } = line.speaker;
  if (kind === "system") return <p class="notice">{line.text}</p>;
  const group = `${kind}${first ? " first" : ""}${last ? " last" : ""}`;
  return (
    <article class={`line ${group}`} aria-label={`${nameOf(line)}, ${time(line.timestamp)}`}>
      {kind !== "customer" && first ? <Speaker line={line} /> : null}
      {(line.text || line.image) && !isFile(line) ? (
        <div class="bubble">
          {kind === "customer" ? <p>{line.answer_to ? TEXT.formSent : line.text}</p> : <Markdown text={line.text} />}
          {line.image ? <Picture address={line.image} /> : null}
        </div>
      ) : null}
      {line.elements ? <Cards elements={line.elements} origin={props.origin} onPress={props.onPress} /> : null}
      {line.form ? <FormView id={`form-${line.id}`} form={line.form} {...props.formOf(line)} /> : null}
      {line.attachment ? <Attached attachment={line.attachment} origin={props.origin} token={props.token} /> : null}
      {line.citations.length ? <Sources {...props} /> : null}
      {kind === "bot" && line.citations.length ? (
        <Feedback
          value={props.judged}
          onJudge={(value, reason) => props.onJudge(line.id, value, reason)}
          onHuman={props.personInReach ? props.onHuman : undefined}
        />
      ) : null}
      <Meta {...props} />
    </article>
  );
}

/** The file stands for itself. */
function isFile({ attachment }: Line): boolean {
  return attachment !== undefined && "id" in attachment;
}

function nameOf({ speaker }: Line): string {
  if (speaker.kind === "customer") return TEXT.me;
  return speaker.kind === "agent" ? TEXT.agentTitle(speaker.name) : speaker.name;
}

function Speaker({ line }: { line: Line }): JSX.Element {
  const agent = line.speaker.kind === "agent";
  return (
    <p class="speaker" aria-hidden="true">
      <span class="dot">
        <Icon name={agent ? "person" : "bot"} size={14} />
      </span>
      {nameOf(line)}
    </p>
  );
}

interface AttachedProps {
  attachment: Attachment;
  origin: string;
  token: string;
}

/** A file that came with the message. */
function Attached({ attachment, origin, token }: AttachedProps): JSX.Element | null {
  if ("id" in attachment) return <SentFile file={attachment} origin={origin} token={token} />;
  const { src, title } = attachment.payload;
  const address = absolute(src, origin);
  if (!/^https?:\/\//.test(address)) return null;
  if (attachment.type === "image") {
    return <img class="attached" src={address} alt={title || TEXT.attachedImage} loading="lazy" />;
  }
  return (
    <a class="source" href={address} target="_blank" rel="noopener noreferrer">
      <Icon name="document" size={16} />
      <span>{title || TEXT.attachedFile}</span>
    </a>
  );
}

/** Only addresses of the web: anything else has no business in a picture. */
function Picture({ address }: { address: string }): JSX.Element | null {
  if (!/^https?:\/\//.test(address)) return null;
  return <img src={address} alt={TEXT.attachedImage} loading="lazy" />;
}

function Sources({ line, onSource }: Props): JSX.Element {
  return (
    <ul class="sources">
      {line.citations.map((citation, index) => (
        <li>
          <button
            type="button"
            class="source"
            aria-haspopup="dialog"
            aria-label={TEXT.citationLabel(index + 1, citation.title)}
            onClick={(event) => onSource(citation, line, event.currentTarget)}
          >
            <Icon name="document" size={16} />
            <span>{citation.title}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Time below a group, and how far an own message got. */
function Meta({ line, last, latestOwn, onRetry, onDiscard, onHuman, personInReach }: Props): JSX.Element | null {
  const { delivery } = line;
  if (delivery === "failed") {
    return (
      <div class="meta failed">
        <span class="state">
          <Icon name="alert" size={14} />
          {line.problem || TEXT.failed}
        </span>
        <span class="choices">
          <button type="button" onClick={() => onRetry(line.id)}>
            {TEXT.retry}
          </button>
          {line.offersPerson && personInReach ? (
            <button type="button" onClick={onHuman}>
              {TEXT.human}
            </button>
          ) : null}
          <button type="button" onClick={() => onDiscard(line.id)}>
            {TEXT.remove}
          </button>
        </span>
      </div>
    );
  }
  const tells = delivery && (latestOwn || delivery === "waiting" || delivery === "sending");
  if (!last && !tells) return null;
  return (
    <p class="meta">
      {tells ? <State delivery={delivery} /> : null}
      {line.custom?.stopped ? <span class="state">{TEXT.answerStopped}</span> : null}
      <time dateTime={line.timestamp} title={full(line.timestamp)}>
        {time(line.timestamp)}
      </time>
    </p>
  );
}

function State({ delivery }: { delivery: Delivery }): JSX.Element {
  const [icon, name] = STATES[delivery];
  const words = TEXT[name];
  const spoken = delivery === "waiting" ? words : undefined;
  return (
    <span class={`state ${delivery}`} title={words}>
      <Icon name={icon} size={14} />
      {spoken ?? <span class="hidden">{words}</span>}
    </span>
  );
}
