import { generateKeyPair, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import type { JWK, Provider } from "oidc-provider";
import type * as OidcProvider from "oidc-provider";
import type { DemoUser } from "../../cli/demo-users.ts";
import type { StackModel } from "../model/stack-model.ts";
import { withGroups } from "./claims.ts";
import { createProvider } from "./create-provider.ts";
import { createFront } from "./front.ts";
import { createIssuing } from "./issue.ts";
import { listenForBoth, type ProviderListener } from "./listener.ts";
import { loadOidcProvider, TO_INSTALL } from "./packages.ts";
import { createMemory } from "./memory.ts";
import type { Reroute } from "./rerouted.ts";
import { reroutesOf } from "./reroutes.ts";
import { clientIdsOf, providersOf, type ProviderModel } from "./sources.ts";
import { createUserPoolApi } from "./user-pool-api.ts";

/** Who can sign in at the local providers. */
export interface SignInOptions {
  readonly users: readonly DemoUser[];
  /** Of all of them, for front ends that ask for one. */
  readonly password: string;
}

/** A local provider that runs, in the place of the real one. */
export interface RunningProvider {
  /** The real one's, as the tokens have it. */
  readonly issuer: string;
  /** The first source's name in the settings. */
  readonly sourceName: string;
  /** Whether `GET /login/oidc` signs people in by it. */
  readonly hasFlow: boolean;
  /** `http://localhost:3001`; https too where {@link hasTls}. */
  readonly url: string;
  readonly hasTls: boolean;
  /** The clients that it knows, by the ids that the functions have here. */
  readonly clientIds: readonly string[];
  /** Who has a button, and the groups that their tokens name. */
  readonly users: readonly { readonly userName: string; readonly groups: readonly string[] }[];
}

/** The local providers of a stack, which outlive its reloads. */
export interface LocalProviders {
  /**
   * Serves the providers that a model's sources trust; those that run already go on, with their keys and
   * sign-ins. Where the library is missing none is served, and `onMissing` is told what to do.
   */
  serve(model: StackModel): Promise<void>;
  running(): readonly RunningProvider[];
  reroutes(): readonly Reroute[];
  stop(): Promise<void>;
}

export interface LocalProvidersOptions extends SignInOptions {
  /** The first port to try. */
  readonly near: () => number;
  /** By how many milliseconds the functions' clock is later than this machine's. */
  readonly offsetMs: () => number;
  readonly onMissing: (why: string) => void;
}

interface Served {
  readonly listener: ProviderListener;
  model: ProviderModel;
  provider: Provider;
  readonly rebuild: (model: ProviderModel) => void;
}

const WEB: readonly unknown[] = ["https:", "http:"];

/** None runs before a model is served that has use for it. */
export function createLocalProviders(options: LocalProvidersOptions): LocalProviders {
  const { users, offsetMs, onMissing } = options;
  const served = new Map<string, Served>();
  let current: readonly Served[] = [];

  return {
    async serve(model) {
      const wanted = providersOf(model).filter(({ issuer, sources }) => {
        // A parameter's that has no value here, say.
        if (WEB.includes(URL.parse(issuer)?.protocol)) return true;
        const names = sources.map(({ name }) => name).join(", ");
        onMissing(
          `Nobody can sign in by the identity source ${names}: its issuer, ${issuer}, is no address.`,
        );
        return false;
      });
      const library = wanted.length === 0 ? undefined : await loadOidcProvider();
      if (wanted.length > 0 && library === undefined) {
        onMissing(
          `Nobody can sign in by ${wanted.map(({ issuer }) => issuer).join(", ")}: a local provider ` +
            `needs the package oidc-provider, which is not installed. Run: ${TO_INSTALL}`,
        );
      }
      const next: Served[] = [];
      for (const each of library === undefined ? [] : wanted) {
        const known = served.get(each.issuer);
        known?.rebuild(each);
        const one = known ?? (await serveOne(library as typeof OidcProvider, each, options));
        served.set(each.issuer, one);
        next.push(one);
      }
      current = next;
    },
    running: () => current.map(({ listener, model }) => describe(listener, model, users)),
    reroutes: () => current.flatMap(({ listener, model }) => reroutesOf(model, listener.url)),
    async stop() {
      await Promise.all([...served.values()].map(({ listener }) => listener.close()));
    },
  };

  async function serveOne(
    library: typeof OidcProvider,
    model: ProviderModel,
    { near, password }: LocalProvidersOptions,
  ): Promise<Served> {
    const signingKey = await newSigningKey();
    const memory = createMemory();
    const build = (of: ProviderModel): Provider =>
      createProvider(library, { model: of, users, signingKey, memory, offsetMs });
    const now = (): number => Date.now() + offsetMs();
    const one = { model, provider: build(model) };
    const listener = await listenForBoth(near());
    const shared = { model: () => one.model, users };
    const { url } = listener;
    const issuing = createIssuing({ provider: () => one.provider, url, now });
    const isCognito = model.sources[0]?.kind === "cognito";
    const userPoolApi = isCognito ? createUserPoolApi({ ...shared, password, issuing, url }) : undefined;
    const front = createFront({ ...shared, provider: () => one.provider, issuing, now, userPoolApi });
    listener.serve(front);
    const rebuild = (of: ProviderModel): void => {
      if (JSON.stringify(of) === JSON.stringify(one.model)) return;
      Object.assign(one, { model: of, provider: build(of) });
    };
    return Object.assign(one, { listener, rebuild });
  }
}

function describe(
  { url, hasTls }: ProviderListener,
  model: ProviderModel,
  users: readonly DemoUser[],
): RunningProvider {
  const { issuer, sources } = model;
  const [first] = sources;
  const withFlow = sources.find(({ flow }) => flow !== undefined);
  return {
    issuer,
    sourceName: (withFlow ?? first)?.name ?? "",
    hasFlow: withFlow !== undefined,
    url,
    hasTls,
    clientIds: clientIdsOf(model),
    users: withGroups(users, first),
  };
}

const newKeyPair = promisify(generateKeyPair);

/** RS256, as Cognito signs and as every verifier takes. */
async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await newKeyPair("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
}
