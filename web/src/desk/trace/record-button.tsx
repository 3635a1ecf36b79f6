import { Download } from "lucide-preact";
import { useState } from "preact/hooks";
import { useDesk } from "../context";
import { t } from "../text";
import { record, type Recording, type Traced } from "./calls";

const TOAST_MS = 10_000;

/** Saves the conversation as a test: nobody's personal data in it, as the server sees to. */
export function RecordButton({ of }: { of: Traced }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    await desk.trying(async () => {
      const made = await record(desk.api, of);
      download(made);
      desk.toast({ text: told(made), tone: made.missing.length ? "info" : "ok" }, TOAST_MS);
    });
    setBusy(false);
  };
  return (
    <button type="button" class="btn small" disabled={busy} onClick={() => void save()}>
      <Download size={14} aria-hidden="true" />
      {t("대화를 테스트로 저장")}
    </button>
  );
}

function told({ steps, replaced, missing, file }: Recording): string {
  const parts = [t("{steps}단계를 테스트로 저장했어요. 개인정보 {n}개를 바꿨어요.", { steps, n: replaced })];
  if (missing.length) parts.push(t("{names} 값은 남기지 않으니 파일에 직접 적어 주세요.", { names: missing.join(", ") }));
  if (file) parts.push(file);
  return parts.join(" ");
}

function download({ name, text }: Recording): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
