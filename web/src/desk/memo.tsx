/** A component that renders again only if `same` says that its properties differ (preact/compat has more than we need). */
import { Component, type ComponentChild, type FunctionComponent, h } from "preact";

export function memo<P extends object>(view: FunctionComponent<P>, same: (before: P, after: P) => boolean) {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !same(this.props, next);
    }

    override render(props: P): ComponentChild {
      return h(view, props);
    }
  };
}
