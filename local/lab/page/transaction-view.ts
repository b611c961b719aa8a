import type { DrawnPart, DrawnTransaction } from "../shapes.ts";
import { contentOf, h, timeOfDay } from "./dom.ts";

const OUTCOMES: Readonly<Record<DrawnTransaction["outcome"], string>> = {
  committed: "All of it: committed",
  cancelled: "None of it: a condition did not hold",
  throttled: "None of it: throttled",
  "answer-lost": "All of it: committed, but the answer was lost",
  failed: "None of it: refused",
};
const ACTIONS: Readonly<Record<DrawnPart["action"], string>> = {
  put: "Put",
  delete: "Delete",
  update: "Update",
  check: "Check",
};
const HELD: Readonly<Record<DrawnPart["outcome"], string>> = {
  held: "✓ held",
  failed: "✗ did not hold",
  unknown: "not looked at",
};

/** Draws the last transaction of a login, or the one that was chosen. */
export function createTransactionView(): (transactions: readonly DrawnTransaction[]) => void {
  let chosen: number | undefined;
  let shown = "";
  let all: readonly DrawnTransaction[] = [];

  function draw(): void {
    const lastLogin = all.findLast(({ sender }) => sender === "login") ?? all.at(-1);
    const one = all.find(({ number }) => number === chosen) ?? lastLogin;
    const key = JSON.stringify([all.map(({ number }) => number), one?.number]);
    if (key === shown) return;
    shown = key;
    const focused = document.activeElement?.getAttribute("data-number");
    contentOf("transaction").replaceChildren(
      ...(one === undefined ? [h("p", {}, "None yet: sign in on a device.")] : [choice(one), drawing(one)]),
    );
    if (focused != null) {
      contentOf("transaction").querySelector<HTMLElement>(`[data-number="${focused}"]`)?.focus();
    }
  }
  function choice(one: DrawnTransaction): HTMLElement {
    const buttons = all.slice(-8).map((each) =>
      h(
        "button",
        {
          type: "button",
          class: "chip",
          "data-number": String(each.number),
          "data-is": each.outcome,
          "aria-pressed": String(each === one),
          onclick: () => {
            chosen = each.number;
            draw();
          },
        },
        `${each.sender} ${timeOfDay(each.at)}`,
      ),
    );
    return h("div", { class: "chips", role: "group", "aria-label": "Transactions" }, ...buttons);
  }
  return function show(transactions) {
    const newest = transactions.at(-1)?.number;
    if (newest !== all.at(-1)?.number) chosen = undefined;
    all = transactions;
    draw();
  };
}

function drawing({ sender, parts, outcome, repeats }: DrawnTransaction): HTMLElement {
  const again = repeats > 0 ? ` (sent again, under the same request token: DynamoDB applies it once)` : "";
  return h(
    "figure",
    { class: "drawing", "data-is": outcome },
    h("p", { class: "sender" }, h("b", {}, sender), ` sends one TransactWriteItems${again}`),
    h("ol", { class: "parts" }, ...parts.map(partOf)),
    h("figcaption", {}, OUTCOMES[outcome]),
  );
}

function partOf({ action, item, kind, does, condition, outcome }: DrawnPart): HTMLElement {
  return h(
    "li",
    { "data-kind": kind, "data-is": outcome },
    h("p", {}, h("span", { class: "action" }, ACTIONS[action]), " ", h("b", {}, item), ` ${does}`),
    condition !== undefined &&
      h(
        "p",
        { class: "condition" },
        h("span", {}, "if "),
        h("code", {}, condition),
        h("em", {}, ` ${HELD[outcome]}`),
      ),
  );
}
