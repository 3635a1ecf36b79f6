import { Merge as MergeIcon, Pencil, UserRoundSearch } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { formKeys } from "../form-keys";
import { useDesk, useDeskState } from "../context";
import { isMine } from "../order";
import { Section } from "../packet/section";
import { t } from "../text";
import type { Packet } from "../types";
import { nameOf } from "../words";
import * as calls from "./calls";
import { Erase } from "./erase";
import { Facts } from "./facts";
import { Identities } from "./identities";
import { MergeDialog } from "./merge-dialog";
import { Merges } from "./merges";
import { Notes } from "./notes";
import type { Customer, CustomerHead } from "./types";
import type { Known } from "./use-customer";

export interface Acting {
  customer: Customer;
  /** Runs an act; what it answers is shown. Whether it was done. */
  act: (call: () => Promise<Customer>, words: string) => Promise<boolean>;
  /** Who has the case or supervises changes and unmasks. */
  may: boolean;
}

/** Who the customer is, beyond this conversation: name, contacts, notes, and with whom they are one. */
export function CustomerView({ packet, known }: { packet: Packet; known: Known }) {
  const desk = useDesk();
  const of = useDeskState((state) => state.cases[packet.case_id]);
  const user = useDeskState((state) => state.user);
  const { customer, why, set, load } = known;
  const [merging, setMerging] = useState<{ other: CustomerHead | null } | null>(null);

  if (!customer) {
    return (
      <Section title={t("고객")}>
        {why && (
          <div class="panel-problem" role="alert">
            <p>{why}</p>
            <button type="button" class="btn small" onClick={() => void load()}>
              {t("다시 시도")}
            </button>
          </div>
        )}
      </Section>
    );
  }

  const may = (of !== undefined && isMine(of, user?.id ?? "")) || user?.role !== "agent";
  const act = async (call: () => Promise<Customer>, words: string): Promise<boolean> => {
    const done = await desk.trying(async () => set(await call()));
    if (done) desk.toast({ text: words, tone: "ok" });
    else await load();
    return done;
  };
  const acting: Acting = { customer, act, may };
  return (
    <Section title={t("고객")}>
      {may && customer.suggestions.map((other) => <Suggestion key={other.id} other={other} onCompare={() => setMerging({ other })} />)}
      <Head key={customer.version} {...acting} />
      <Identities {...acting} />
      <Notes {...acting} />
      <Facts {...acting} />
      <Merges {...acting} />
      {may && (
        <button type="button" class="btn small merge-open" onClick={() => setMerging({ other: null })}>
          <MergeIcon size={14} aria-hidden="true" /> {t("다른 고객과 합치기")}
        </button>
      )}
      {user?.role === "admin" && <Erase customer={customer} onDone={() => void desk.forgotten(packet.case_id)} />}
      {merging && (
        <MergeDialog
          customer={customer}
          other={merging.other}
          onDone={(changed) => {
            set(changed);
            setMerging(null);
            void desk.loadPacket(packet.case_id);
          }}
          onClose={() => setMerging(null)}
        />
      )}
    </Section>
  );
}

/** Another customer with an equal verified number or address: an agent decides, nothing is merged by itself. */
function Suggestion({ other, onCompare }: { other: CustomerHead; onCompare: () => void }) {
  return (
    <p class="same-proof" role="note">
      <UserRoundSearch size={16} aria-hidden="true" />
      <span>{t("확인된 연락처가 같은 고객이 있어요: {name}", { name: nameOf(other.name) })}</span>
      <button type="button" class="btn small" onClick={onCompare}>
        {t("비교하기")}
      </button>
    </p>
  );
}

function Head({ customer, act, may }: Acting) {
  const desk = useDesk();
  const [editing, setEditing] = useState(false);
  const [name, setName] = useState(customer.given_name);
  const [segment, setSegment] = useState(customer.segment);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), [editing]);
  const save = (): Promise<boolean> => act(() => calls.change(desk.api, customer, { name, segment }), t("저장했어요"));
  const pressed = formKeys(save, () => setEditing(false));
  if (!editing) {
    return (
      <p class="customer-head">
        <b>{nameOf(customer.name)}</b>
        {customer.segment && <span class="chip">{customer.segment}</span>}
        {may && (
          <button type="button" class="icon-btn small" aria-label={t("이름과 등급 고치기")} onClick={() => setEditing(true)}>
            <Pencil size={14} aria-hidden="true" />
          </button>
        )}
      </p>
    );
  }
  return (
    <div class="customer-form" role="group" aria-label={t("이름과 등급")} onKeyDown={pressed}>
      <label>
        <span>{t("이름")}</span>
        <input type="text" maxLength={80} value={name} ref={first} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        <span>{t("등급")}</span>
        <input type="text" maxLength={40} value={segment} onInput={(event) => setSegment(event.currentTarget.value)} />
      </label>
      <p class="acts">
        <button type="button" class="btn small ghost" onClick={() => setEditing(false)}>
          {t("취소")}
        </button>
        <button type="button" class="btn small" onClick={() => void save()}>
          {t("저장")}
        </button>
      </p>
    </div>
  );
}
