import { useEffect, useRef, useState } from "preact/hooks";
import { when } from "../../shared/formats";
import { imeSafe, isEnter } from "../../shared/ime";
import { Failure, wordsOf } from "../api";
import { useDesk } from "../context";
import { Dialog } from "../dialog";
import { t } from "../text";
import { channelWord, nameOf } from "../words";
import * as calls from "./calls";
import type { Customer, CustomerHead, FoundCustomer } from "./types";
import { kindWord } from "./words";

interface Props {
  customer: Customer;
  /** A customer that was suggested; null: look for one. */
  other: CustomerHead | null;
  onDone: (changed: Customer) => void;
  onClose: () => void;
}

/** Look for the other one, compare both side by side, confirm. */
export function MergeDialog({ customer, other, onDone, onClose }: Props) {
  const [chosen, setChosen] = useState<string | null>(other?.id ?? null);
  return (
    <Dialog title={t("다른 고객과 합치기")} class="sheet merge-sheet" onClose={onClose}>
      {chosen === null ? (
        <Find without={customer.id} onChoose={setChosen} />
      ) : (
        <Compare
          id={customer.id}
          otherId={chosen}
          suggested={other !== null}
          onDone={onDone}
          onBack={() => (other ? onClose() : setChosen(null))}
        />
      )}
    </Dialog>
  );
}

function Find({ without, onChoose }: { without: string; onChoose: (id: string) => void }) {
  const desk = useDesk();
  const [words, setWords] = useState("");
  const [found, setFound] = useState<FoundCustomer[] | null>(null);
  const [problem, setProblem] = useState("");
  const search = async (): Promise<void> => {
    if (!words.trim()) return;
    try {
      const { customers } = await calls.find(desk.api, words.trim());
      setFound(customers.filter((one) => one.id !== without));
      setProblem("");
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  const pressed = imeSafe((event: KeyboardEvent) => {
    if (!isEnter(event)) return;
    event.preventDefault();
    void search();
  });
  return (
    <div class="merge-find">
      <div class="field">
        <label for="merge-words">{t("이름, 전화번호, 메일 주소")}</label>
        <div class="merge-search">
          <input id="merge-words" type="search" maxLength={200} value={words} data-focus="" onKeyDown={pressed} onInput={(event) => setWords(event.currentTarget.value)} />
          <button type="button" class="btn" onClick={() => void search()}>
            {t("찾기")}
          </button>
        </div>
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <p class="sr-only" role="status">
        {found && t("고객 {n}명을 찾았어요", { n: found.length })}
      </p>
      {found?.length === 0 && <p class="none">{t("검색 결과가 없어요. 다른 말로 찾아보세요")}</p>}
      <ul class="found-customers">
        {found?.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => onChoose(one.id)}>
              <b>{nameOf(one.name)}</b>
              <span class="meta">{one.identities.map((identity) => identity.value).join(" · ")}</span>
              <span class="meta">{pastOf(one)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface CompareProps {
  id: string;
  otherId: string;
  suggested: boolean;
  onDone: (changed: Customer) => void;
  onBack: () => void;
}

function Compare({ id, otherId, suggested, onDone, onBack }: CompareProps) {
  const desk = useDesk();
  const [both, setBoth] = useState<[Customer, Customer] | null>(null);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const load = async (): Promise<void> => {
    try {
      setBoth([await calls.one(desk.api, id), await calls.one(desk.api, otherId)]);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  useEffect(() => void load(), [id, otherId]);
  const why = useRef<HTMLInputElement>(null);
  const shown = both !== null;
  useEffect(() => why.current?.focus(), [shown]);

  const decide = async (same: boolean): Promise<void> => {
    if (!both) return;
    setBusy(true);
    try {
      const changed = await calls.merge(desk.api, both[0], both[1], reason.trim(), same);
      const words = same ? t("{name} 고객을 합쳤어요. 고객 정보에서 되돌릴 수 있어요", { name: nameOf(both[1].name) }) : t("다른 고객으로 적어 두었어요");
      desk.toast({ text: words, tone: "ok" });
      onDone(changed);
    } catch (error) {
      setProblem(wordsOf(error));
      // Somebody was faster: what is compared is shown as it is now, and nothing was merged.
      if (error instanceof Failure && error.stale) await load();
    } finally {
      setBusy(false);
    }
  };

  if (!both) return <p class="problem" role="alert">{problem}</p>;
  const already = both[0].id === both[1].id;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void decide(true);
      }}
    >
      <Sides both={both} />
      {already ? (
        <p class="told">{t("이미 한 고객이에요")}</p>
      ) : (
        <>
          <div class="field">
            <label for="merge-reason">{t("같은 사람인 이유")}</label>
            <input id="merge-reason" ref={why} type="text" maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </div>
          <p class="told">{t("두 고객의 연락처, 메모, 모든 대화와 상담이 한 고객으로 보여요. 아무것도 지워지지 않고 언제든 되돌릴 수 있어요.")}</p>
        </>
      )}
      <p class="problem" role="alert">
        {problem}
      </p>
      <footer>
        <button type="button" class="btn ghost" onClick={onBack}>
          {suggested ? t("닫기") : t("다시 찾기")}
        </button>
        {suggested && !already && (
          <button type="button" class="btn" disabled={busy} onClick={() => void decide(false)}>
            {t("다른 사람이에요")}
          </button>
        )}
        {!already && (
          <button type="submit" class="btn primary" disabled={busy} aria-busy={busy}>
            {t("합치기")}
          </button>
        )}
      </footer>
    </form>
  );
}

/** Both beside each other, row by row. */
function Sides({ both }: { both: [Customer, Customer] }) {
  const rows: [string, (of: Customer) => string[]][] = [
    [t("이름"), (of) => [nameOf(of.name)]],
    [t("등급"), (of) => (of.segment ? [of.segment] : [])],
    [t("신원"), (of) => of.identities.map((one) => `${kindWord(one.kind)} ${one.value}${one.verified ? ` (${t("확인됨")})` : ""}`)],
    [t("상담"), (of) => [t("{n}건", { n: of.contacts.length }), ...of.contacts.slice(0, 2).map(lastOf)]],
    [t("메모"), (of) => of.notes.slice(0, 2).map((note) => note.text)],
  ];
  return (
    <table class="sides">
      <caption class="sr-only">{t("두 고객 비교")}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("이 고객")}</th>
          <th scope="col">{t("다른 고객")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, shown]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {both.map((of, place) => (
              <td key={place}>
                {shown(of).map((line, at) => (
                  <p key={at}>{line}</p>
                ))}
                {shown(of).length === 0 && "–"}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const lastOf = ({ case: of }: Customer["contacts"][number]): string =>
  `${channelWord(of.channel)} ${when(of.created_at)} ${of.goal ?? of.reason.text}`;

function pastOf({ cases, last_case: last }: FoundCustomer): string {
  const number = t("상담 {n}건", { n: cases });
  return last ? `${number} · ${channelWord(last.channel)} ${when(last.created_at)}` : number;
}
