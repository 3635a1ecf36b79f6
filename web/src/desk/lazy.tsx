import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./text";

export type { ComponentType };

/** A component whose code comes when it is first shown. */
export function lazyPart(load: () => Promise<{ default: ComponentType }>): ComponentType {
  let known: ComponentType | null = null;
  return function Part() {
    const [View, setView] = useState<ComponentType | null>(() => known);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (known) return;
      load().then(
        (found) => {
          known = found.default;
          setView(() => known);
        },
        () => setFailed(true),
      );
    }, []);
    if (View) return <View />;
    return (
      <main class="page" aria-label={t("불러오는 중이에요")}>
        {failed && (
          <p class="panel-problem" role="alert">
            {t("화면을 가져오지 못했어요. 새로 고쳐 주세요")}
          </p>
        )}
      </main>
    );
  };
}
