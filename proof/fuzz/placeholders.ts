import { randomUUID } from "node:crypto";
import { CLIENT_ID, type TestProvider } from "../../test/support/oidc-provider.ts";
import { unsigned, withSubject } from "../../test/support/forged.ts";
import { eventV2, lambdaContext } from "../../test/http/events.ts";
import type { GatewayResponse } from "../../src/http/reply.ts";
import type { Json } from "./inputs.ts";
import type { People } from "./people.ts";
import { HOST, SOURCE, type Service } from "./service.ts";

/**
 * Inputs are made before there are tokens, and must be the same for one seed: they say `{{token:alice}}`
 * where alice's token goes. Filled in are: `token:`, `id:` and `password:` of a person; `idtoken:` a genuine
 * one of a subject, or a forged or used one; `cursor:` of `sessions` or `endings`; `oidc:` the `cookie`,
 * `state`, `code` or `iss` of a sign-in under way at the provider; `job:` the id of a job that is under way.
 */
const PLACEHOLDER = /\{\{(\w+):([^{}]*)\}\}/g;

/** An input with its placeholders filled in, and what was filled in that is secret. */
export interface Filled<T> {
  readonly value: T;
  readonly secrets: readonly string[];
  /** The user ids of id tokens that are genuine and fresh. */
  readonly vouchedFor: readonly string[];
}

type Filler = (name: string) => Promise<string>;

/** Fills in the placeholders of one input; the same one twice is the same text. */
export async function fillIn<T extends Json | object>(
  value: T,
  service: Service,
  people: People,
): Promise<Filled<T>> {
  const text = JSON.stringify(value);
  const found = new Map<string, string>();
  const secrets: string[] = [];
  const vouchedFor: string[] = [];
  const secret = (filled: string): string => {
    secrets.push(filled);
    return filled;
  };
  const signIn = text.includes("{{oidc:")
    ? await beginSignIn(service, text.includes("{{oidc:code}}"))
    : undefined;
  secrets.push(...(signIn?.secrets ?? []));
  if (signIn?.vouchedFor !== undefined) vouchedFor.push(signIn.vouchedFor);
  const fillers: Readonly<Record<string, Filler>> = {
    token: (name) => Promise.resolve(secret(people.person(name).token)),
    id: (name) => Promise.resolve(people.person(name).sessionId),
    password: (name) => Promise.resolve(secret(people.password(name))),
    cursor: (name) => cursorOf(service, name),
    job: () => Promise.resolve(service.jobId),
    oidc: (name) => Promise.resolve(signIn?.parts[name] ?? ""),
    idtoken: async (name) => {
      const { jwt, userId } = await idToken(service.provider, name);
      if (userId !== undefined) vouchedFor.push(userId);
      return secret(jwt);
    },
  };
  for (const [whole, kind = "", name = ""] of text.matchAll(PLACEHOLDER)) {
    if (!found.has(whole)) found.set(whole, (await fillers[kind]?.(name)) ?? "");
  }
  const filled = mapStrings(value, (one) => one.replace(PLACEHOLDER, (whole) => found.get(whole) ?? ""));
  return { value: filled as T, secrets, vouchedFor };
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapStrings(one, change)]));
}

const FORGED = {
  unsigned: async (provider: TestProvider) => unsigned(await provider.sign()),
  "other-subject": async (provider: TestProvider) => withSubject(await provider.sign(), "victim"),
  stale: (provider: TestProvider) => provider.sign({ auth_time: Math.floor(Date.now() / 1000) - 600 }),
  expired: (provider: TestProvider) => provider.sign({ exp: Math.floor(Date.now() / 1000) - 600 }),
  "other-audience": (provider: TestProvider) => provider.sign({ aud: "another" }),
  "other-issuer": (provider: TestProvider) => provider.sign({ iss: "https://evil.example" }),
  "more-audiences": (provider: TestProvider) =>
    provider.sign({ aud: [CLIENT_ID, "another"], azp: "another" }),
  "no-subject": (provider: TestProvider) => provider.sign({ sub: undefined }),
  "access-token": (provider: TestProvider) => provider.sign({}, { typ: "at+jwt" }),
  "other-key": (provider: TestProvider) => provider.sign({}, { kid: randomUUID() }),
  "odd-times": (provider: TestProvider) => provider.sign({ auth_time: "soon" }),
} satisfies Record<string, (provider: TestProvider) => Promise<string>>;
export const FORGED_NAMES = Object.keys(FORGED);

/** Subjects that a provider may have; the placeholder says which by its place. */
export const SUBJECTS = [
  "maria",
  "dora",
  "user#maria",
  "session#x:y",
  "\u0000",
  "e\u0301",
  "\u{1f600}".repeat(120),
  "x".repeat(508),
  "__proto__",
  "\u202eniam",
];

async function idToken(provider: TestProvider, name: string): Promise<{ jwt: string; userId?: string }> {
  const forge = (FORGED as Record<string, (provider: TestProvider) => Promise<string>>)[name];
  if (forge !== undefined) return { jwt: await forge(provider) };
  const sub = SUBJECTS[Number(name)] ?? "alice";
  return { jwt: await provider.sign({ sub }), userId: `${SOURCE}:${sub}` };
}

async function cursorOf({ storeOf }: Service, name: string): Promise<string> {
  const store = storeOf();
  const page =
    name === "endings" ? await store.listEndings("alice", { limit: 1 }) : await store.listAll({ limit: 1 });
  return page.cursor ?? "";
}

interface SignIn {
  readonly parts: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly vouchedFor?: string;
}

/** A sign-in as a browser begins it; with a code, the person has also signed in at the provider. */
async function beginSignIn({ handlers, provider }: Service, withCode: boolean): Promise<SignIn> {
  const event = eventV2({ method: "GET", path: "/login/oidc", headers: { host: HOST } });
  const answer = (await handlers["login-oidc"](event, lambdaContext())) as GatewayResponse;
  const cookie = /^__Host-oidc=([^;]*)/.exec(answer.cookies?.[0] ?? "")?.[1] ?? "";
  const location = answer.headers["Location"] ?? "";
  const { state, nonce, codeVerifier } = JSON.parse(Buffer.from(cookie, "base64url").toString()) as Record<
    string,
    string
  >;
  const parts = { cookie, state: String(state), iss: provider.issuer, code: "made-up" };
  const secrets = [cookie, String(nonce), String(codeVerifier)];
  if (!withCode) return { parts, secrets };
  const back = await provider.signIn(location, "maria");
  const code = back.searchParams.get("code") ?? "";
  return { parts: { ...parts, code }, secrets: [...secrets, code], vouchedFor: `${SOURCE}:maria` };
}
