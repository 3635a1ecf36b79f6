import { Upload } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { wordsOf } from "../api";
import { useDesk } from "../context";
import { useLoad } from "../load";
import { Shown, Table } from "../page";
import { t } from "../text";
import type { KnowledgeDocuments } from "../types";

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
        <Table caption={t("읽지 못한 자료")} heads={[t("파일"), t("까닭"), t("고치는 법")]}>
          {index.problems.map((one) => (
            <tr key={`${one.file}-${one.code}`}>
              <th scope="row">{one.file}</th>
              <td>{one.reason}</td>
              <td>{one.remedy}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
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
