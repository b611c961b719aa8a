/**
 * One device: its own host, and so its own cookies. It does what the lab's page asks for by the calls that
 * any page of this host makes, and shows the stack's own page where it has one.
 */
import { GET_SESSION, LOGOUT, WATCH } from "../../../src/api/parts/client-routes.ts";
import type { DeviceAnswer } from "../shapes.ts";
import type { AskDevice, DeviceDeed, DeviceReply } from "./device-messages.ts";
import { byId, h } from "./dom.ts";

interface DeviceSettings {
  readonly lab: string;
  readonly number: number;
  readonly label: string;
  readonly hasPages: boolean;
}

interface Body {
  readonly code?: string;
  readonly session?: { readonly id: string; readonly createdAt: string };
  readonly user?: { readonly id: string };
  readonly by?: { readonly device?: string };
}

const WHY: Readonly<Record<string, string>> = {
  no_session: "signed out",
  session_expired: "expired: a timeout has passed",
  session_displaced: "displaced",
  session_logged_out: "logged out",
  session_revoked: "revoked by an administrator",
  session_unknown: "ended; nothing is known of it any more",
};
const LOOKS_EVERY_MS = 1500;
const WATCH_PATH = `${GET_SESSION.path}?${WATCH.name}=${WATCH.value}`;

const settings = (await (await fetch("/_local/settings")).json()) as DeviceSettings;
const screen = byId("screen");
const frame = settings.hasPages
  ? h("iframe", { src: "/", title: `The console on device ${settings.number}` })
  : undefined;
const state = h("span", { class: "state", role: "status" });
const signIn = h("button", { type: "button", onclick: () => void act("sign-in") }, "Sign in");
const signOut = h("button", { type: "button", onclick: () => void act("sign-out") }, "Sign out");
let user = "";
let shown = "";

byId("strip").append(
  h("span", { class: "name" }, h("strong", {}, `Device ${settings.number}`), ` ${settings.label}`),
  state,
  h("span", { class: "actions" }, signIn, signOut),
);
if (frame !== undefined) screen.append(frame);
document.title = `Device ${settings.number}`;

async function send(method: string, path: string, body?: object): Promise<DeviceAnswer> {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answered = (text === "" ? {} : JSON.parse(text)) as Body;
  return {
    status: response.status,
    ...(answered.code !== undefined && { code: answered.code }),
    ...(answered.session && { sessionId: answered.session.id }),
    ...(answered.user && { user: answered.user.id }),
    ...(answered.by?.device !== undefined && { byDevice: answered.by.device }),
  };
}

async function look(): Promise<DeviceAnswer> {
  const answer = await send(GET_SESSION.method, WATCH_PATH);
  const by = answer.byDevice === undefined ? "" : ` by ${answer.byDevice}`;
  const text =
    answer.status === 200
      ? `signed in as ${answer.user ?? ""}`
      : answer.status === 401
        ? `${WHY[answer.code ?? ""] ?? answer.code ?? ""}${by}`
        : `unsure: ${answer.status}`;
  const isNew = `${text} ${answer.sessionId ?? ""}` !== shown;
  shown = `${text} ${answer.sessionId ?? ""}`;
  if (!isNew) return answer;
  state.textContent = text;
  state.dataset["is"] = answer.status === 200 ? "live" : "ended";
  // The page that is shown asks by itself, sooner or later: now it asks at once.
  frame?.contentDocument?.dispatchEvent(new Event("visibilitychange"));
  if (frame === undefined) {
    screen.replaceChildren(h("p", { class: "card" }, h("strong", {}, text), ` ${answer.sessionId ?? ""}`));
  }
  return answer;
}

/** By its address: a frame that is still on its way to the page would reload what it comes from. */
function loadAgain(): void {
  frame?.setAttribute("src", "/");
}

async function act(deed: DeviceDeed): Promise<DeviceAnswer> {
  switch (deed) {
    case "look":
      return look();
    case "take-user":
      signIn.textContent = `Sign in as ${user}`;
      return look();
    case "sign-in": {
      const answer = await send("POST", "/_local/sign-in", { user });
      if (answer.status === 201) loadAgain();
      await look();
      if (answer.status !== 201) {
        state.textContent = `not signed in: ${answer.status} ${answer.code ?? ""}`;
        shown = "";
      }
      return answer;
    }
    case "sign-out": {
      const answer = await send(LOGOUT.method, LOGOUT.path);
      loadAgain();
      await look();
      return answer;
    }
  }
}

addEventListener("message", (event: MessageEvent<AskDevice>) => {
  if (event.origin !== settings.lab || event.source !== parent) return;
  const { id, deed } = event.data;
  user = event.data.user;
  void act(deed).then((answer) => {
    parent.postMessage({ id, answer } satisfies DeviceReply, settings.lab);
  });
});

setInterval(() => {
  // Who is signed out stays so until something is done; the lab says when to look then.
  if (document.visibilityState === "visible" && state.dataset["is"] === "live")
    void look().catch(() => undefined);
}, LOOKS_EVERY_MS);
await look();
// Whoever frames it may now ask.
if (parent !== window)
  parent.postMessage({ id: 0, answer: { status: 0 } } satisfies DeviceReply, settings.lab);
