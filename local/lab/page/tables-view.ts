import type { LabState, UserTables } from "../shapes.ts";
import { contentOf, h, shortId, timeOfDay } from "./dom.ts";

interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  readonly isLive?: boolean;
}
type Mark = "new" | "changed" | "gone";
interface Kind {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: (tables: UserTables) => readonly Row[];
}

const KINDS: readonly Kind[] = [
  {
    title: "Sessions",
    head: ["session#", "device", "last seen", "idle until", "until", "now"],
    rows: ({ sessions }) =>
      sessions.map(({ id, device, live, ...at }) => ({
        key: id,
        isLive: live,
        cells: [
          ...[shortId(id), device, timeOfDay(at.lastSeenAt), timeOfDay(at.idleExpiresAt)],
          ...[timeOfDay(at.expiresAt), live ? "live" : "expired"],
        ],
      })),
  },
  {
    title: "Roster",
    head: ["user#", "version", "lists", "leaving"],
    rows: ({ roster }) =>
      roster === undefined
        ? []
        : [
            {
              key: "roster",
              cells: [
                "roster",
                shortId(roster.version),
                roster.entries.map(({ id, device }) => `${shortId(id)} ${device}`).join(", ") || "nothing",
                roster.leaving.map(shortId).join(", ") || "nothing",
              ],
            },
          ],
  },
  {
    title: "Endings",
    head: ["ended#", "reason", "by", "at"],
    rows: ({ endings }) =>
      endings.slice(0, 6).map(({ id, reason, by, byDevice, endedAt }) => ({
        key: id,
        cells: [shortId(id), reason, byDevice ?? by, timeOfDay(endedAt)],
      })),
  },
];

/** Changes that come within this time are of one deed, and are shown together. */
const ONE_DEED_MS = 1500;

/** Shows the tables, and what the last deed changed in them. */
export function createTablesView(): (state: LabState, user: string) => void {
  let before = new Map<string, Row>();
  let marks = new Map<string, Mark>();
  let gone = new Map<string, Row>();
  let changedAt = 0;
  let ofUser = "";

  return function show({ tables }, user) {
    const after = new Map(
      KINDS.flatMap((kind) => kind.rows(tables).map((row) => [`${kind.title} ${row.key}`, row] as const)),
    );
    const isFirst = ofUser !== user;
    ofUser = user;
    const changes = isFirst ? new Map<string, Mark>() : differences(before, after);
    if (isFirst || (changes.size > 0 && Date.now() - changedAt > ONE_DEED_MS)) {
      marks = new Map();
      gone = new Map();
    }
    if (changes.size > 0) changedAt = Date.now();
    for (const [key, mark] of changes) {
      marks.set(key, mark === "changed" && marks.get(key) === "new" ? "new" : mark);
      const row = before.get(key);
      if (mark === "gone" && row !== undefined) gone.set(key, row);
      else gone.delete(key);
    }
    before = after;
    contentOf("tables").replaceChildren(...KINDS.map((kind) => tableOf(kind, { tables, marks, gone })));
  };
}

function differences(before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): Map<string, Mark> {
  const changes = new Map<string, Mark>();
  for (const [key, row] of after) {
    const old = before.get(key);
    if (old === undefined) changes.set(key, "new");
    else if (old.cells.join() !== row.cells.join()) changes.set(key, "changed");
  }
  for (const key of before.keys()) if (!after.has(key)) changes.set(key, "gone");
  return changes;
}

function tableOf(
  { title, head, rows }: Kind,
  shown: {
    readonly tables: UserTables;
    readonly marks: ReadonlyMap<string, Mark>;
    readonly gone: ReadonlyMap<string, Row>;
  },
): HTMLElement {
  const there = rows(shown.tables);
  const gone = [...shown.gone].filter(([key]) => key.startsWith(`${title} `)).map(([, row]) => row);
  const lines = [...there, ...gone].map((row) => {
    const mark = shown.marks.get(`${title} ${row.key}`);
    const cells = row.cells.map((cell) => h("td", {}, cell));
    return h(
      "tr",
      { "data-mark": mark, "data-live": row.isLive === undefined ? undefined : String(row.isLive) },
      ...cells,
      h("td", { class: "mark" }, mark ?? ""),
    );
  });
  const empty = h("tr", {}, h("td", { colspan: String(head.length + 1), class: "none" }, "none"));
  return h(
    "div",
    { class: "scrolls", tabindex: "0", role: "region", "aria-label": title },
    h(
      "table",
      {},
      h("caption", {}, title),
      h("thead", {}, h("tr", {}, ...[...head, "change"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...(lines.length > 0 ? lines : [empty])),
    ),
  );
}
