// The bar at the lower edge of the window and the frame around it: whose view this is, what is
// wrong with it, and whose view to take next.

import { box, button, element, keep, recall } from "./dom.js";
import { Hidden } from "./hidden.js";
import { Panel } from "./panel.js";
import { Problems } from "./problems.js";

// How many colours preview.css has for roles.
const COLOURS = 8;
const STATES = { 404: "This page is gone. When it comes back, it is shown.", 500: "This page cannot be made.", 503: "There is nothing to show yet." };

export class Bar {
  problems = new Problems();
  hidden = new Hidden();
  roles = new Panel("roles", "Read as");
  who = element("p", { class: "who" }, "Preview");
  news = element("p", { class: "wrong", role: "status" });
  frame = element("div", { class: "part frame" });
  shown = "";

  constructor() {
    const [follow, control] = box("Follow my edits", "follow", () => {});
    const { problems, hidden, roles } = this;
    this.follow = follow;
    this.tools = element("div", { id: "tp-preview-tools", class: "tools" }, roles.button, hidden.control, hidden.panel.button, control);
    this.fold = button("", () => this.press(), { "aria-controls": "tp-preview-tools" });
    const line = element("div", { class: "line" }, this.who, problems.panel.button, this.news, this.tools, this.fold);
    this.whole = element("section", { class: "part bar", "aria-label": "Preview" });
    this.whole.append(problems.panel.region, hidden.panel.region, roles.region, line);
    [problems.panel, hidden.panel, roles].forEach((panel) => (panel.button.hidden = true));
    const collapsed = recall("collapsed");
    this.collapse(collapsed ? collapsed === "yes" : matchMedia("(width < 45rem)").matches);
    document.documentElement.classList.add("tp-preview");
    document.body.append(this.frame, this.whole);
  }

  press() {
    this.collapse(!this.tools.hidden);
    keep("collapsed", this.tools.hidden ? "yes" : "no");
  }

  collapse(isCollapsed) {
    this.tools.hidden = isCollapsed;
    this.fold.textContent = isCollapsed ? "More" : "Less";
    this.fold.ariaExpanded = String(!isCollapsed);
  }

  show(state) {
    const { role, roles, problems, hidden } = state;
    // What has not changed keeps the focus that may be in it.
    if (JSON.stringify(state) !== this.shown) {
      this.shown = JSON.stringify(state);
      this.problems.show(problems);
      this.hidden.show(hidden);
      this.showRoles(role, roles);
    }
    this.hidden.mark();
  }

  showRoles(name, roles) {
    const at = roles.findIndex((role) => role.name === name);
    if (at >= 0) {
      this.who.replaceChildren("Preview as ", element("strong", {}, roles[at].title), view(roles[at]));
      this.frame.dataset.role = this.whole.dataset.role = at % COLOURS;
    }
    this.roles.button.hidden = roles.length === 0;
    // Links: another view comes as a page of its own, and nothing of this one stays.
    const items = roles.map((role) => {
      const link = element("a", { href: role.path, "aria-current": String(role.name === name) }, role.title);
      return element("li", {}, link, view(role), role.has ? "" : " · has no such page: its dashboard");
    });
    this.roles.content.replaceChildren(element("ul", {}, ...items));
  }

  // Says what stands between the reader and the newest page. A live region is told again of what
  // is written again.
  tell(isLost, status) {
    const news = isLost ? "Connection lost: trying again." : (STATES[status] ?? (this.problems.errors > 0 ? "The page stays as it last was." : ""));
    if (this.news.textContent !== news) {
      this.news.textContent = news;
    }
  }
}

function view({ clearance, groups }) {
  return ` · TLP:${clearance.toUpperCase()} · ${groups}`;
}
