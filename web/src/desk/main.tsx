import { render } from "preact";
import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
import "../shared/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/inbox.css";
import "./styles/thread.css";
import "./styles/composer.css";
import "./styles/panel.css";
import "./styles/customer.css";
import "./styles/trace.css";
import "./styles/overlays.css";
import "./styles/agents.css";
import "./styles/work.css";
import "./styles/pages.css";
import { App } from "./app";

const root = document.getElementById("app");
if (root) render(<App />, root);
