import type { RaceRound } from "../shapes.ts";
import { byId, h } from "./dom.ts";
import { call } from "./lab-client.ts";
import { SCENARIOS, type Scenario, type Scene, type Seen } from "./scenarios.ts";

/** The buttons, each with what is promised and, once it has run, what was seen. */
export function createTryList(sceneNow: () => Scene): void {
  const runs = SCENARIOS.map((scenario) => row(scenario));
  const all = h("button", { type: "button", class: "plain", onclick: () => void runAll() }, "Run all");
  byId("try").append(h("p", {}, all), h("ol", { class: "scenarios" }, ...runs.map(({ element }) => element)));
  let isRunning = false;

  function row(scenario: Scenario) {
    const seen = h("p", { class: "seen", role: "status" });
    const picture = h("div");
    const button = h("button", { type: "button", onclick: () => void one(() => run()) }, scenario.title);
    const element = h(
      "li",
      { id: scenario.id },
      button,
      h("p", { class: "promise" }, h("b", {}, "Promised: "), scenario.promise),
      seen,
      picture,
    );
    async function run(): Promise<void> {
      element.dataset["is"] = "running";
      seen.replaceChildren("…");
      picture.replaceChildren();
      const result = await resultOf(scenario, sceneNow());
      element.dataset["is"] = result.kept ? "kept" : "broken";
      const mark = result.kept ? "✓ Seen: " : "✗ Seen: ";
      seen.replaceChildren(h("b", {}, mark), result.text);
      if (result.race !== undefined) picture.append(raceView(result.race));
    }
    return { element, run };
  }
  async function one(run: () => Promise<void>): Promise<void> {
    // A second one would change what the first one is looking at.
    if (isRunning) return;
    isRunning = true;
    byId("try").dataset["is"] = "running";
    try {
      await run();
    } finally {
      isRunning = false;
      delete byId("try").dataset["is"];
    }
  }
  const runAll = (): Promise<void> =>
    one(async () => {
      for (const { run } of runs) await run();
    });
}

async function resultOf(scenario: Scenario, scene: Scene): Promise<Seen> {
  try {
    await call("start-over", { user: scene.user });
    return await scenario.run(scene);
  } catch (error) {
    return { kept: false, text: `It came to no end: ${(error as Error).message}.` };
  } finally {
    await call("disarm").catch(() => undefined);
  }
}

function raceView({ ours, usual }: NonNullable<Seen["race"]>): HTMLElement {
  const last = usual.at(-1);
  return h(
    "div",
    { class: "race" },
    raceSide("One transaction a login", ours),
    last && raceSide("List, delete, insert", last),
  );
}

function raceSide(title: string, round: RaceRound): HTMLElement {
  const live = round.live.filter(Boolean).length;
  const dots = round.live.map((isLive) => h("i", { class: isLive ? "live" : "ended" }));
  return h(
    "figure",
    { "data-live": String(live) },
    h("div", { class: "dots", role: "img", "aria-label": `${live} of ${round.logins} live` }, ...dots),
    h("figcaption", {}, h("b", {}, `${live} live`), ` ${title}`),
  );
}
