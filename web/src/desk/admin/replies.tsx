import { useDesk } from "../context";
import { useLoad } from "../load";
import { Shown, Table } from "../page";
import { t } from "../text";

export function Replies() {
  const { api } = useDesk();
  const setup = useLoad(() => api.setup());
  return (
    <Shown of={setup}>
      {(data) => (
        <>
          <Table caption={t("빠른 답장")} heads={[t("단축어"), t("제목"), t("내용")]}>
            {data.templates.map((one) => (
              <tr key={one.shortcode}>
                <th scope="row">/{one.shortcode}</th>
                <td>{one.title}</td>
                <td>{one.text}</td>
              </tr>
            ))}
          </Table>
          <p class="meta">
            {t("쓸 수 있는 값")}: {["고객.이름", "상담원.이름", "업무"].map((name) => `{{${name}}}`).join(" ")}
          </p>
        </>
      )}
    </Shown>
  );
}
