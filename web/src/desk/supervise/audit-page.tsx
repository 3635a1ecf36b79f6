import { useState } from "preact/hooks";
import { full, when } from "../../shared/formats";
import { useDesk, useDeskState } from "../context";
import { useLoad } from "../load";
import { Page, Shown, Table } from "../page";
import { t } from "../text";
import type { AuditRow } from "../types";
import { useUi } from "../ui";
import { actionWord } from "./words";

/** Who did what, newest first; never what was written. */
export default function AuditPage() {
  const { api } = useDesk();
  const agents = useDeskState((state) => state.agents);
  const [actor, setActor] = useState("");
  const [older, setOlder] = useState<{ rows: AuditRow[]; cursor: string | null } | null>(null);
  const first = useLoad(() => api.audit(actor), actor);
  const more = async (cursor: string): Promise<void> => {
    const page = await api.audit(actor, cursor);
    setOlder((before) => ({ rows: [...(before?.rows ?? []), ...page.rows], cursor: page.cursor }));
  };
  return (
    <Page
      title={t("기록")}
      hint={t("무엇을 했는지만 남고, 쓴 내용은 남지 않아요")}
      actions={
        <label class="inline-field">
          <span>{t("누가")}</span>
          <select
            value={actor}
            onChange={(event) => {
              setOlder(null);
              setActor(event.currentTarget.value);
            }}
          >
            <option value="">{t("모두")}</option>
            {Object.values(agents).map((agent) => (
              <option key={agent.id} value={agent.id}>
                {agent.name}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Shown of={first}>
        {(page) => {
          const cursor = older ? older.cursor : page.cursor;
          return (
            <>
              <Table caption={t("한 일")} heads={[t("언제"), t("누가"), t("한 일"), t("상담"), t("자세히")]}>
                {[...page.rows, ...(older?.rows ?? [])].map((row) => (
                  <Row key={row.id} row={row} />
                ))}
              </Table>
              {cursor && (
                <button type="button" class="btn small more" onClick={() => void more(cursor)}>
                  {t("더 보기")}
                </button>
              )}
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

function Row({ row }: { row: AuditRow }) {
  const ui = useUi();
  const detail = Object.entries(row.detail).map(([key, value]) => `${key}: ${String(value)}`);
  const { case_id: id } = row;
  return (
    <tr>
      <td class="number" title={full(row.at)}>
        {when(row.at)}
      </td>
      <td>{row.actor.name}</td>
      <th scope="row">{actionWord(row.action)}</th>
      <td>
        {id && (
          <button type="button" class="link" onClick={() => ui.openCase(id)}>
            {t("상담 열기")}
          </button>
        )}
      </td>
      <td class="meta">{detail.join(" · ")}</td>
    </tr>
  );
}
