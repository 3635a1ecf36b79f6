import { useState } from "preact/hooks";
import { wordsOf } from "../api";
import { useDesk, useDeskState } from "../context";
import { useLoad } from "../load";
import { Shown, Table } from "../page";
import { t } from "../text";
import type { Account, Role } from "../types";

export const ROLES: Record<Role, string> = { agent: "상담원", supervisor: "관리자", admin: "시스템 관리자" };

export function Users() {
  const desk = useDesk();
  const users = useLoad(() => desk.api.users());
  return (
    <>
      <NewUser onAdded={users.again} />
      <Shown of={users}>
        {(data) => (
          <Table caption={t("계정")} heads={[t("아이디"), t("이름"), t("역할"), t("로그인"), ""]}>
            {data.users.map((user) => (
              <UserRow key={user.id} user={user} onChanged={users.again} />
            ))}
          </Table>
        )}
      </Shown>
    </>
  );
}

function UserRow({ user, onChanged }: { user: Account; onChanged: () => void }) {
  const desk = useDesk();
  const me = useDeskState((state) => state.user?.id === user.id);
  const change = async (what: object): Promise<void> => {
    const done = await desk.trying(() => desk.api.changeUser(user.username, what));
    if (done) desk.toast({ text: t("저장했어요"), tone: "ok" });
    onChanged();
  };
  return (
    <tr>
      <th scope="row">{user.username}</th>
      <td>{user.name}</td>
      <td>
        <select
          aria-label={t("{name} 역할", { name: user.name })}
          value={user.role}
          disabled={me}
          onChange={(event) => void change({ role: event.currentTarget.value })}
        >
          {(Object.keys(ROLES) as Role[]).map((role) => (
            <option key={role} value={role}>
              {t(ROLES[role])}
            </option>
          ))}
        </select>
      </td>
      <td>{user.disabled ? t("막음") : t("가능")}</td>
      <td>
        <div class="row-acts">
          <button type="button" class="btn small" disabled={me} onClick={() => void change({ disabled: !user.disabled })}>
            {user.disabled ? t("다시 허용") : t("로그인 막기")}
          </button>
        </div>
      </td>
    </tr>
  );
}

const FIELDS = [
  ["username", "아이디", "text", "off"],
  ["name", "이름", "text", "off"],
  ["password", "첫 비밀번호", "password", "new-password"],
] as const;

function NewUser({ onAdded }: { onAdded: () => void }) {
  const desk = useDesk();
  const [problem, setProblem] = useState("");
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    try {
      const added = await desk.api.addUser(Object.fromEntries(new FormData(form)));
      form.reset();
      setProblem("");
      desk.toast({ text: t("{name} 계정을 만들었어요", { name: added.name }), tone: "ok" });
      onAdded();
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  return (
    <form class="card" onSubmit={submit}>
      <h3>{t("새 계정")}</h3>
      <div class="form-row">
        {FIELDS.map(([name, label, type, complete]) => (
          <label key={name}>
            {t(label)}
            <input name={name} type={type} required autocomplete={complete} />
          </label>
        ))}
        <label>
          {t("역할")}
          <select name="role">
            {(Object.keys(ROLES) as Role[]).map((role) => (
              <option key={role} value={role}>
                {t(ROLES[role])}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="btn primary">
          {t("만들기")}
        </button>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
    </form>
  );
}
