import type { HappenedLine, LabSettings, LabState } from "../shapes.ts";
import { createDevices } from "./devices.ts";
import { byId, contentOf, h, timeOfDay } from "./dom.ts";
import { call, readSettings, readState } from "./lab-client.ts";
import { createTablesView } from "./tables-view.ts";
import { createTransactionView } from "./transaction-view.ts";
import { createTryList } from "./try-list.ts";

const RETRY_MS = 2000;

const settings: LabSettings = await readSettings();
const devices = createDevices(settings);
const showTables = createTablesView();
const showTransactions = createTransactionView();
const clock = h("span", { class: "clock", role: "status" });
const back = h(
  "button",
  { type: "button", class: "plain", hidden: true, onclick: () => void reset() },
  "Back to now",
);
const users = h(
  "select",
  { id: "user", onchange: () => void takeUser() },
  ...settings.users.map((name) => h("option", { value: name }, name)),
);
let following = new AbortController();

byId("controls").append(
  h("label", { for: "user" }, "User "),
  users,
  h("button", { type: "button", class: "plain", onclick: () => void addDevice() }, "Add a device"),
  h("button", { type: "button", class: "plain", onclick: () => devices.remove() }, "Remove one"),
  clock,
  back,
);
createTryList(() => {
  const [first, second, ...more] = devices.all();
  if (first === undefined || second === undefined) throw new Error("the devices are not there yet");
  return { user: users.value, devices: [first, second, ...more] };
});
await Promise.all([addDevice(), addDevice()]);
void takeUser();

async function addDevice(): Promise<void> {
  await devices.add();
  await Promise.all(devices.all().map((device) => device.ask("take-user", users.value)));
}

/** The clock goes back; what it made meanwhile goes too. */
async function reset(): Promise<void> {
  await call("start-over", { user: users.value });
  await Promise.all(devices.all().map((device) => device.ask("look", users.value)));
}

async function takeUser(): Promise<void> {
  following.abort();
  following = new AbortController();
  void follow(users.value, following.signal);
  await Promise.all(devices.all().map((device) => device.ask("take-user", users.value)));
}

let sessionsShown = "";
/** Somebody may have signed in by the page in a frame, or ended a session elsewhere. */
function lookAgain({ tables, clockOffsetMs }: LabState): void {
  const shown = JSON.stringify([tables.sessions.map(({ id, live }) => [id, live]), clockOffsetMs]);
  if (shown === sessionsShown) return;
  sessionsShown = shown;
  for (const device of devices.all()) void device.ask("look", users.value);
}

/** Shows each new state until another user is chosen. */
async function follow(user: string, signal: AbortSignal): Promise<void> {
  let since: number | undefined;
  while (!signal.aborted) {
    try {
      const state = await readState(user, since, signal);
      since = state.version;
      show(state, user);
    } catch {
      since = undefined;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function show(state: LabState, user: string): void {
  lookAgain(state);
  showTables(state, user);
  showTransactions(state.transactions);
  const minutes = Math.round(state.clockOffsetMs / 60_000);
  const moved = minutes >= 120 ? `${Math.round(minutes / 60)} hours` : `${minutes} minutes`;
  clock.textContent = minutes === 0 ? "" : `The functions' clock is ${moved} later.`;
  back.hidden = minutes === 0;
  contentOf("happened").replaceChildren(
    h("ol", { class: "lines" }, ...[...state.happened].reverse().slice(0, 16).map(lineOf)),
  );
}

function lineOf(line: HappenedLine): HTMLElement {
  const time = h("time", {}, timeOfDay(line.at));
  switch (line.kind) {
    case "request":
      return h(
        "li",
        { "data-kind": "request" },
        time,
        h("b", {}, line.from),
        ` ${line.call} → ${line.status} ${line.code ?? ""}`,
      );
    case "write":
      return h("li", { "data-kind": "write" }, time, h("b", {}, line.sender), ` ${line.changes.join(" · ")}`);
    case "lab":
      return h("li", { "data-kind": "lab" }, time, h("b", {}, "Lab"), ` ${line.text}`);
  }
}
