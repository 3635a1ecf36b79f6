import { Upload } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { wordsOf } from "../api";
import { useDesk } from "../context";
import { useLoad } from "../load";
import { Shown, Table } from "../page";
import { t } from "../text";
import type { KnowledgeDocuments, ScheduledCrawl } from "../types";

/** So often the state of the index is looked at. */
const EVERY_MS = 5_000;

/** Documents that were added here, what couldn't be read, and questions that no document answers. */
export function Knowledge() {
  const { api } = useDesk();
  const documents = useLoad(() => api.documents(), "", EVERY_MS);
  return (
    <>
      <UploadForm onAdded={documents.again} />
      <Shown of={documents}>{(data) => <Documents data={data} onChanged={documents.again} />}</Shown>
      <Crawls />
      <Gaps />
    </>
  );
}

function UploadForm({ onAdded }: { onAdded: () => void }) {
  const desk = useDesk();
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const file = field.current?.files?.[0];
    if (!file) return setProblem(t("올릴 파일을 골라 주세요"));
    setBusy(true);
    try {
      const added = await desk.api.upload(file);
      if (field.current) field.current.value = "";
      setProblem("");
      desk.toast({ text: t("{title} 자료를 올렸어요", { title: added.title }), tone: "ok" });
      onAdded();
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="card" onSubmit={send}>
      <h3>{t("자료 올리기")}</h3>
      <div class="form-row">
        <label>
          {t("Markdown, HTML, PDF, Word, 한글, 엑셀 파일")}
          <input ref={field} type="file" />
        </label>
        <button type="submit" class="btn primary" disabled={busy} aria-busy={busy}>
          <Upload size={16} aria-hidden="true" /> {busy ? t("읽는 중이에요") : t("올리기")}
        </button>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}

function Documents({ data, onChanged }: { data: KnowledgeDocuments; onChanged: () => void }) {
  const desk = useDesk();
  const { index } = data;
  const remove = async (id: string): Promise<void> => {
    const done = await desk.trying(() => desk.api.removeDocument(id));
    if (done) desk.toast({ text: t("자료를 지웠어요"), tone: "ok" });
    onChanged();
  };
  return (
    <>
      {index.building && <p role="status">{t("색인을 새로 만들고 있어요")}</p>}
      {index.problem && (
        <p class="panel-problem" role="alert">
          {Object.values(index.problem).join(" ")}
        </p>
      )}
      <Table caption={t("올린 자료")} heads={[t("자료"), ""]}>
        {data.documents.length === 0 && (
          <tr>
            <td colSpan={2} class="none">
              {t("여기서 올린 자료가 없어요")}
            </td>
          </tr>
        )}
        {data.documents.map((id) => (
          <tr key={id}>
            <th scope="row">{id}</th>
            <td>
              <div class="row-acts">
                <button type="button" class="btn small" aria-label={t("{name} 지우기", { name: id })} onClick={() => void remove(id)}>
                  {t("지우기")}
                </button>
              </div>
            </td>
          </tr>
        ))}
      </Table>
      {index.problems.length > 0 && (
        <LeftOut caption={t("읽지 못한 자료")} head={t("파일")} problems={index.problems} />
      )}
    </>
  );
}

function LeftOut({ caption, head, problems }: { caption: string; head: string; problems: KnowledgeDocuments["index"]["problems"] }) {
  return (
    <Table caption={caption} heads={[head, t("까닭"), t("고치는 법")]}>
      {problems.map((one) => (
        <tr key={`${one.file}-${one.code}`}>
          <th scope="row">{one.file}</th>
          <td>{one.reason}</td>
          <td>{one.remedy}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Sites that the server reads on a schedule; nothing where config.yml names none. */
function Crawls() {
  const { api } = useDesk();
  const crawls = useLoad(() => api.crawls(), "", EVERY_MS);
  return (
    <Shown of={crawls}>
      {(data) => {
        const problems = data.crawls.flatMap((crawl) => crawl.problems);
        return (
          <>
            {data.crawls.length > 0 && (
              <Table caption={t("정기 수집")} heads={[t("사이트"), t("주기"), t("마지막"), t("결과"), t("다음")]}>
                {data.crawls.map((crawl) => (
                  <tr key={crawl.name}>
                    <th scope="row">{crawl.name}</th>
                    <td>{crawl.at ? t("매일 {at}", { at: crawl.at }) : rhythm(crawl.every ?? "")}</td>
                    <td class="number">{crawl.finished_at ? when(crawl.finished_at) : "–"}</td>
                    <td>{outcome(crawl)}</td>
                    <td class="number">{crawl.running ? "–" : when(crawl.next_at)}</td>
                  </tr>
                ))}
              </Table>
            )}
            {problems.length > 0 && <LeftOut caption={t("읽지 못한 쪽")} head={t("주소")} problems={problems} />}
          </>
        );
      }}
    </Shown>
  );
}

const UNITS: Record<string, string> = { m: "{n}분마다", h: "{n}시간마다", d: "{n}일마다" };

function rhythm(every: string): string {
  return t(UNITS[every.slice(-1)] ?? every, { n: every.slice(0, -1) });
}

function outcome(crawl: ScheduledCrawl): string {
  if (crawl.running) return t("수집하고 있어요");
  if (crawl.problem) return crawl.problem;
  if (!crawl.finished_at) return t("아직 수집하지 않았어요");
  const { new: fresh, unchanged, gone, failed } = crawl;
  return t("새로 읽음 {fresh}, 그대로 {unchanged}, 없어짐 {gone}, 실패 {failed}", { fresh, unchanged, gone, failed });
}

const REASONS: Record<string, string> = { none: "답 없음", closest: "비슷한 자료뿐", down: "도움 안 됨" };

function Gaps() {
  const { api } = useDesk();
  const gaps = useLoad(() => api.gaps());
  return (
    <Shown of={gaps}>
      {(data) => (
        <Table caption={t("답이 없는 질문, 최근 30일")} heads={[t("질문"), t("횟수"), t("까닭"), t("가장 가까운 자료"), t("마지막")]}>
          {data.gaps.length === 0 && (
            <tr>
              <td colSpan={5} class="none">
                {t("답하지 못한 질문이 없어요")}
              </td>
            </tr>
          )}
          {data.gaps.map((gap) => (
            <tr key={gap.question}>
              <th scope="row">{gap.question}</th>
              <td class="number">{t("{n}번", { n: gap.times })}</td>
              <td>
                {Object.entries(gap.reasons)
                  .map(([reason, times]) => `${t(REASONS[reason] ?? reason)} ${times}`)
                  .join(", ")}
              </td>
              <td>{gap.nearest?.[0] ?? "–"}</td>
              <td class="number">{when(gap.last_at)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Shown>
  );
}
