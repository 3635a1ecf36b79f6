import { Dialog } from "./dialog";
import { ENTRIES, TYPING } from "./keys";
import { t } from "./text";

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("단축키")} class="shortcuts" onClose={onClose}>
      <p class="sub">{t("한글 상태에서도 그대로 눌러요. 글자를 쓰는 중이면 Esc를 눌러 명령 모드로 가요.")}</p>
      <div class="key-tables">
        <KeyTable title={t("글 쓰는 중")} rows={TYPING} />
        <KeyTable title={t("명령 모드: 상담")} rows={rowsOf(ENTRIES.slice(0, HALF))} />
        <KeyTable title={t("명령 모드: 화면")} rows={rowsOf(ENTRIES.slice(HALF))} />
      </div>
    </Dialog>
  );
}

const HALF = Math.ceil(ENTRIES.length / 2);
const rowsOf = (entries: typeof ENTRIES): [string, string][] => entries.map(({ label, keys }) => [label, keys]);

function KeyTable({ title, rows }: { title: string; rows: [string, string][] }) {
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {rows.map(([label, keys]) => (
          <tr key={label + keys}>
            <th scope="row">{t(label)}</th>
            <td>
              <kbd>{keys}</kbd>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
