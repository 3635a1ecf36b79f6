import { useDesk, useDeskState } from "./context";
import { t } from "./text";

export function Toasts() {
  const desk = useDesk();
  const toasts = useDeskState((state) => state.toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, tone, open }) => (
        <div key={id} class={`toast ${tone}`}>
          <span>{text}</span>
          {open && (
            <button
              type="button"
              class="link"
              onClick={() => {
                desk.showTab("mine");
                void desk.open(open);
                desk.store.dispatch({ type: "toast-gone", id });
              }}
            >
              {t("열기")}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
