/**
 * What each example is for, while `dev` runs it: a person signs in on two devices, each in the way that the
 * example has, and the first one is signed out. `npm test` and `npm run try:package` do the same.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { ProviderBrowser } from "../local/provider/browser.ts";
import { FIREFOX_ON_MACOS, HttpClient, type Answer } from "../support/http-client.ts";

/** An app that `dev` runs. */
export interface RunningApp {
  /** Of its first API. */
  readonly url: string;
  /** All that `dev` wrote so far. */
  readonly said: () => string;
}

/** @throws Error unless the first device is signed out when the second signs in, and not before. */
type DisplaceFirst = (app: RunningApp) => Promise<void>;

const ALICE = { username: "alice", password: DEMO_PASSWORD };

/** By the name of the folder in `examples/`. */
export const EXAMPLES: Readonly<Record<string, DisplaceFirst>> = {
  "cognito-drop-in": displaceByAccessTokens,
  "cognito-http-api": displaceAtProvidersPage,
  "own-backend": async ({ url }) => {
    await displaceOn(devicesOf(url), (device) => device.call("POST", "/sign-in", { code: "demo" }));
  },
  "policy-function": async ({ url }) => {
    const devices = devicesOf(url);
    const [laptop, other] = devices;
    answered(await laptop.call("POST", "/login", ALICE), 201);
    // Its policy asks before a second browser.
    answered(await other.call("POST", "/login", ALICE), 409, "session_limit");
    answered(await laptop.session(), 200);
    await displaceOn(devices, (device) => device.call("POST", "/login", { ...ALICE, takeover: true }));
  },
  "react-spa": displaceByPassword,
  "rest-api": ({ url, said }) => displaceByPassword({ url: `${url}/prod`, said }),
};

async function displaceByPassword({ url }: RunningApp): Promise<void> {
  await displaceOn(devicesOf(url), (device) => device.call("POST", "/login", ALICE));
}

/** By the page of the local provider, with a route `GET /reports` behind the authorizer. */
async function displaceAtProvidersPage({ url }: RunningApp): Promise<void> {
  const [laptop, phone] = devicesOf(url);
  answered(await laptop.session(), 401, "no_session");
  await signInAtProvider(laptop, "alice");
  answered(await laptop.call("GET", "/reports"), 200);
  await signInAtProvider(phone, "alice");
  answered(await laptop.call("GET", "/reports"), 403);
  answered(await laptop.session(), 401, "session_displaced");
  answered(await phone.call("GET", "/reports"), 200);
}

/**
 * By the provider's id tokens, of a front end that has got them, with a route `GET /reports` behind the
 * authorizer.
 */
export async function displaceByIdTokens({ url, said }: RunningApp): Promise<void> {
  const [laptop, phone] = devicesOf(url);
  const signIn = async (device: HttpClient): Promise<void> => {
    const { id_token: idToken } = await tokensAt(providerIn(said()), "alice");
    answered(await device.call("POST", "/login", { idToken }), 201);
  };
  answered(await laptop.session(), 401, "no_session");
  await signIn(laptop);
  answered(await laptop.call("GET", "/reports"), 200);
  await signIn(phone);
  answered(await laptop.call("GET", "/reports"), 403);
  answered(await laptop.session(), 401, "session_displaced");
  answered(await phone.call("GET", "/reports"), 200);
}

/** By the provider's own access tokens, which the front end has got. */
async function displaceByAccessTokens({ url, said }: RunningApp): Promise<void> {
  const signIn = async (): Promise<() => Promise<Answer>> => {
    const { access_token: token } = await tokensAt(providerIn(said()), "alice");
    const authorization = `Bearer ${token}`;
    return () => new HttpClient(url).call("GET", "/reports", undefined, { authorization });
  };
  answered(await new HttpClient(url).call("GET", "/reports"), 403);
  const laptop = await signIn();
  answered(await laptop(), 200);
  answered(await laptop(), 200);
  // Which of two sign-ins is newer is known by the second.
  await sleep(1100);
  const phone = await signIn();
  answered(await phone(), 200);
  answered(await laptop(), 403);
  answered(await phone(), 200);
}

/** The code flow by the page of buttons. */
export async function signInAtProvider(device: HttpClient, name: string): Promise<void> {
  const begun = await device.call("GET", "/login/oidc");
  const back = await new ProviderBrowser().signIn(begun.headers.get("location") ?? "", name);
  answered(await device.call("GET", back.pathname + back.search), 303);
}

/** @param said what `dev` wrote. @returns the address of its local provider. */
export const providerIn = (said: string): string =>
  /The local provider is at (http:\/\/[^\s,]+)/.exec(said)?.[1] ?? "";

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
}

/** As a front end gets its tokens, which has one of each sign-in. @param provider its address. */
export async function tokensAt(provider: string, user: string): Promise<Tokens> {
  const response = await fetch(`${provider}/tokens`, { method: "POST", body: new URLSearchParams({ user }) });
  return (await response.json()) as Tokens;
}

type Devices = readonly [HttpClient, HttpClient];

const devicesOf = (url: string): Devices => [new HttpClient(url), new HttpClient(url, FIREFOX_ON_MACOS)];

async function displaceOn(
  [laptop, other]: Devices,
  signIn: (device: HttpClient) => Promise<Answer>,
): Promise<void> {
  answered(await signIn(laptop), 201);
  answered(await laptop.session(), 200);
  answered(await signIn(other), 201);
  answered(await laptop.session(), 401, "session_displaced");
  answered(await other.session(), 200);
}

function answered({ status, body }: Answer, wanted: number, code?: string): void {
  const { code: given } = (body ?? {}) as { readonly code?: unknown };
  if (status !== wanted || (code !== undefined && given !== code))
    throw new Error(`answered ${status} ${JSON.stringify(body)}, and not ${wanted} ${code ?? ""}`);
}
