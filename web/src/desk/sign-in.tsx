import { Headset } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { wordsOf } from "./api";
import { useDesk, useDeskState } from "./context";
import { t } from "./text";

export function SignIn() {
  const desk = useDesk();
  const over = useDeskState((state) => state.sessionOver);
  const unreached = useDeskState((state) => state.unreached);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const form = useRef<HTMLFormElement>(null);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const [username, password] = [String(fields.get("username") ?? "").trim(), String(fields.get("password") ?? "")];
    const missing = !username ? t("아이디를 입력해 주세요.") : !password ? t("비밀번호를 입력해 주세요.") : "";
    setProblem(missing);
    if (missing) return focusOn(username ? "password" : "username");
    setBusy(true);
    try {
      await desk.signIn(username, password);
    } catch (error) {
      setProblem(wordsOf(error));
      focusOn("password");
    } finally {
      setBusy(false);
    }
  };

  const focusOn = (name: string): void => {
    const field = form.current?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) {
      field.focus();
      field.select();
    }
  };

  return (
    <main class="sign-in">
      <form ref={form} class="sign-in-card" onSubmit={submit} noValidate aria-labelledby="sign-in-title">
        <span class="mark" aria-hidden="true">
          <Headset size={26} strokeWidth={1.75} />
        </span>
        <h1 id="sign-in-title">{t("상담석")}</h1>
        <p class="sub">{over ? t("오래 쓰지 않아 로그아웃됐어요. 쓰던 글은 남아 있어요") : t("로그인하고 상담을 시작해 주세요")}</p>
        {unreached && (
          <p class="problem">
            {unreached}{" "}
            <button type="button" class="link" onClick={() => void desk.restore()}>
              {t("다시 시도")}
            </button>
          </p>
        )}
        <label class="field">
          <span>{t("아이디")}</span>
          <input name="username" autocomplete="username" autocapitalize="none" spellcheck={false} autofocus aria-describedby="sign-in-problem" />
        </label>
        <label class="field">
          <span>{t("비밀번호")}</span>
          <input name="password" type="password" autocomplete="current-password" aria-describedby="sign-in-problem" />
        </label>
        <p id="sign-in-problem" class="problem" role="alert">
          {problem}
        </p>
        <button class="btn primary wide" type="submit" disabled={busy} aria-busy={busy}>
          {busy ? t("로그인하는 중") : t("로그인")}
        </button>
        <p class="foot">{t("계정이 없으면 관리자에게 요청해 주세요")}</p>
      </form>
    </main>
  );
}
