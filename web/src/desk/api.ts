/** Calls to `/api/desk`. Every failure is a `Failure` with words that can be shown as they are. */
import { postFile } from "../shared/upload";
import { heardAt } from "./clock";
import { spoken, t } from "./text";
import type {
  Account,
  Agent,
  AgentState,
  AuditRow,
  Board,
  Callback,
  CallbackSlot,
  Case,
  Gap,
  Hit,
  KnowledgeDocuments,
  Message,
  Options,
  Packet,
  ReviewItem,
  ScheduledCrawl,
  Setup,
  Survey,
  Tab,
  Template,
  User,
  Warning,
  WrapupCode,
} from "./types";

/** A refused or failed call. `status` 0: the server wasn't reached. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
  ) {
    super(title);
  }

  /** Whether the token is void. */
  get signedOut(): boolean {
    return this.status === 401;
  }

  /** Whether the server wasn't reached at all: the same call may work a moment later. */
  get unreached(): boolean {
    return this.status === 0;
  }

  /** Whether somebody or something was faster. */
  get stale(): boolean {
    return this.status === 409;
  }
}

/** What is written, under the id by which the server takes it once. */
export interface Words {
  text: string;
  client_msg_id: string;
  mentions?: string[];
  original?: string;
  language?: string;
}

const UNREACHED = "인터넷 연결이 끊겼어요. 다시 연결되면 해 주세요.";
const BROKEN = "잠시 문제가 생겼어요. 조금 뒤에 다시 해 주세요.";

export class Api {
  token: string | null = null;
  /** Told when a call finds the token void. */
  onSignedOut: () => void = () => undefined;

  async login(username: string, password: string): Promise<{ token: string; user: User }> {
    return this.call("POST", "login", { username, password });
  }

  logout = (): Promise<void> => this.call("POST", "logout");
  me = (): Promise<User> => this.call("GET", "me");
  setState = (state: AgentState): Promise<User> => this.call("PUT", "me/state", { state });
  wrapupCodes = (): Promise<{ codes: WrapupCode[] }> => this.call("GET", "wrapup-codes");
  templates = (): Promise<{ templates: Template[] }> => this.call("GET", "templates");
  agents = (): Promise<{ agents: Agent[] }> => this.call("GET", "agents");
  labels = (): Promise<{ intents: Record<string, string>; queues: Record<string, string> }> => this.call("GET", "labels");
  options = (): Promise<Options> => this.call("GET", "options");
  case = (id: string): Promise<Case> => this.call("GET", `cases/${encodeURIComponent(id)}`);
  packet = (id: string): Promise<Packet> => this.call("GET", `cases/${encodeURIComponent(id)}/packet`);

  cases(tab: Tab, cursor?: string): Promise<{ cases: Case[]; cursor: string | null }> {
    const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    return this.call("GET", `cases?state=${tab}${more}`);
  }

  search(query: string, cursor?: string): Promise<{ hits: Hit[]; cursor: string | null }> {
    const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    return this.call("GET", `search?q=${encodeURIComponent(query)}${more}`);
  }

  tag = (id: string, tags: string[]): Promise<Case> => this.call("PUT", `cases/${encodeURIComponent(id)}/tags`, { tags });
  board = (): Promise<Board> => this.call("GET", "board");
  setAgentState = (id: string, state: AgentState): Promise<Agent> =>
    this.call("PUT", `agents/${encodeURIComponent(id)}/state`, { state });
  setProfile = (id: string, profile: object): Promise<Agent> =>
    this.call("PUT", `agents/${encodeURIComponent(id)}/profile`, profile);
  takeOver = (id: string): Promise<Case> => this.call("POST", `cases/${encodeURIComponent(id)}/take-over`, {});
  assign = (id: string, agentId: string, note: string): Promise<Case> =>
    this.call("POST", `cases/${encodeURIComponent(id)}/assign`, { agent_id: agentId, note });

  audit(actor: string, cursor?: string): Promise<{ rows: AuditRow[]; cursor: string | null }> {
    const query = new URLSearchParams({ ...(actor ? { actor } : {}), ...(cursor ? { cursor } : {}) });
    return this.call("GET", `audit?${query}`);
  }

  users = (): Promise<{ users: Account[] }> => this.call("GET", "users");
  addUser = (user: object): Promise<Account> => this.call("POST", "users", user);
  changeUser = (username: string, change: object): Promise<Account> =>
    this.call("PUT", `users/${encodeURIComponent(username)}`, change);
  setup = (): Promise<Setup> => this.call("GET", "setup");
  review = (): Promise<{ items: ReviewItem[]; total: number }> => this.call("GET", "review");
  gaps = (): Promise<{ gaps: Gap[]; questions: number }> => this.call("GET", "knowledge/gaps");
  crawls = (): Promise<{ crawls: ScheduledCrawl[] }> => this.call("GET", "knowledge/crawls");
  documents = (): Promise<KnowledgeDocuments> => this.call("GET", "knowledge/documents");
  removeDocument = (id: string): Promise<void> =>
    this.call("DELETE", `knowledge/documents/${id.split("/").map(encodeURIComponent).join("/")}`);

  async upload(file: File): Promise<{ id: string; title: string; sections: number }> {
    const form = new FormData();
    form.append("file", file, file.name);
    const headers = { Authorization: `Bearer ${this.token ?? ""}` };
    const response = await this.fetch("/api/desk/knowledge/documents", { method: "POST", headers, body: form });
    if (!response.ok) throw await failureOf(response);
    return (await response.json()) as { id: string; title: string; sections: number };
  }

  followUp = (id: string, at: string, note: string): Promise<Case> =>
    this.call("POST", `cases/${encodeURIComponent(id)}/follow-up`, { at, note });
  setSlots = (id: string, slots: Record<string, string>): Promise<Case> =>
    this.call("PUT", `cases/${encodeURIComponent(id)}/slots`, { slots });

  async reveal(id: string, field: string): Promise<string> {
    const { value } = await this.call<{ value: string }>("POST", `cases/${encodeURIComponent(id)}/reveal`, { field });
    return value;
  }

  check(id: string, text: string): Promise<{ warnings: Warning[] }> {
    return this.call("POST", `cases/${encodeURIComponent(id)}/check`, { text });
  }

  async survey(id: string): Promise<Survey | null> {
    return (await this.call<{ survey: Survey | null }>("GET", `cases/${encodeURIComponent(id)}/survey`)).survey;
  }

  surveys = (): Promise<{ surveys: Survey[] }> => this.call("GET", "surveys");
  tags = (): Promise<{ tags: string[] }> => this.call("GET", "tags");
  callbacks = (): Promise<{ callbacks: Callback[] }> => this.call("GET", "callbacks?state=open");

  callbackSlots(queue: string): Promise<{ slots: CallbackSlot[] }> {
    return this.call("GET", `callback-slots?queue=${encodeURIComponent(queue)}`);
  }

  callback(id: string, act: "attempts" | "cancel", body: object): Promise<unknown> {
    return this.call("POST", `cases/${encodeURIComponent(id)}/callback/${act}`, body);
  }

  moveCallback = (id: string, at: string): Promise<Callback> =>
    this.call("PUT", `cases/${encodeURIComponent(id)}/callback`, { at });

  messages(id: string, after: number): Promise<{ messages: Message[]; cursor: number }> {
    return this.call("GET", `cases/${encodeURIComponent(id)}/messages?after=${after}`);
  }

  write(id: string, kind: "messages" | "notes", words: Words): Promise<Message> {
    return this.call("POST", `cases/${encodeURIComponent(id)}/${kind}`, words);
  }

  /** A reply in the customer's language; nothing is sent. */
  translate(id: string, text: string, language: string): Promise<{ language: string; text: string }> {
    return this.call("POST", `cases/${encodeURIComponent(id)}/translate`, { text, language });
  }

  /** A customer's message, translated once more. */
  translateMessage(id: string, messageId: string): Promise<Message> {
    return this.call("POST", `cases/${encodeURIComponent(id)}/translations`, { message_id: messageId });
  }

  /** A file for the customer; the same id again changes nothing. */
  async sendFile(id: string, file: File, clientId: string, onShare: (share: number) => void): Promise<Message> {
    const query = new URLSearchParams({ name: file.name, client_msg_id: clientId });
    const address = `/api/desk/cases/${encodeURIComponent(id)}/files?${query}`;
    const { status, body } = await postFile(address, this.token ?? "", file, { onShare });
    if (status === 200) return body as Message;
    if (status <= 0) throw new Failure(0, "unreached", t(UNREACHED));
    const failure = failureIn(status, body);
    if (failure.signedOut) this.onSignedOut();
    throw failure;
  }

  /** While the page goes away: the browser brings it to an end by itself. The answer is nobody's any more. */
  writeLeaving(id: string, words: Words): void {
    void fetch(`/api/desk/cases/${encodeURIComponent(id)}/messages`, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.token ?? ""}` },
      body: JSON.stringify(words),
    }).catch(() => undefined);
  }

  act(id: string, act: "accept" | "decline" | "transfer" | "return" | "close" | "consult", body: object = {}): Promise<Case> {
    return this.call("POST", `cases/${encodeURIComponent(id)}/${act}`, body);
  }

  /** The bytes of a file of the conversation. */
  async file(id: string, fileId: string): Promise<Blob> {
    const address = `/api/desk/cases/${encodeURIComponent(id)}/files/${encodeURIComponent(fileId)}`;
    const response = await this.fetch(address, { headers: { Authorization: `Bearer ${this.token ?? ""}` } });
    if (!response.ok) throw await failureOf(response);
    return response.blob();
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    const response = await this.fetch(`/api/desk/${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (response.status === 204) return undefined as T;
    if (response.ok) return (await response.json()) as T;
    const failure = await failureOf(response);
    if (failure.signedOut && path !== "login") this.onSignedOut();
    throw failure;
  }

  private async fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      const response = await fetch(url, init);
      heardAt(response.headers.get("Date"));
      return response;
    } catch {
      throw new Failure(0, "unreached", t(UNREACHED));
    }
  }
}

async function failureOf(response: Response): Promise<Failure> {
  return failureIn(response.status, await response.json().catch(() => null));
}

function failureIn(status: number, body: unknown): Failure {
  const problem = (body ?? {}) as { code?: string; title?: string; detail?: string };
  const words = (spoken() === "en" && problem.detail) || problem.title;
  return new Failure(status, problem.code ?? "unknown", words || t(BROKEN));
}

/** Words for anything that was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Failure ? error.message : t(BROKEN);
}
