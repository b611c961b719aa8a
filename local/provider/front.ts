import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Provider } from "oidc-provider";
import type { DemoUser } from "../../cli/demo-users.ts";
import { subjectOf, withGroups } from "./claims.ts";
import { cookieNames, SIGN_IN_PATH } from "./create-provider.ts";
import type { Issuing } from "./issue.ts";
import { problemPage, signInPage, tokensPage } from "./pages.ts";
import { isAllowedRedirect, redirectRefusal } from "./redirects.ts";
import { PATHS } from "./reroutes.ts";
import { clientIdsOf, sourceOfClient, type ProviderModel } from "./sources.ts";
import type { UserPoolApi } from "./user-pool-api.ts";

export interface FrontOptions {
  readonly provider: () => Provider;
  readonly model: () => ProviderModel;
  readonly users: readonly DemoUser[];
  readonly issuing: Issuing;
  /** Epoch milliseconds, of the functions' clock. */
  readonly now: () => number;
  /** Cognito's own API; of other providers there is none. */
  readonly userPoolApi: UserPoolApi | undefined;
}

/** The pages and paths around the library's: buttons, Cognito's sign-out and its other names. */
export function createFront(options: FrontOptions): RequestListener {
  const { provider, model, users, issuing, userPoolApi } = options;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const { pathname } = url;
    const isPost = request.method === "POST";
    if (userPoolApi?.isFor(request) === true) return userPoolApi.answer(request, response);
    if (pathname === "/") {
      showButtons(response);
      return;
    }
    if (pathname === PATHS.tokens && isPost) return showTokens(request, response);
    if (pathname.startsWith(`${SIGN_IN_PATH}/`)) {
      return isPost ? signIn(request, response) : showInteraction(request, response);
    }
    if (pathname === "/login") {
      redirect(response, PATHS.authorization + url.search);
      return;
    }
    if (pathname === "/logout") {
      signOut(url.searchParams, response);
      return;
    }
    const handle = provider().callback();
    // Also below the issuer's path, where some front ends look for it.
    const below = new URL(model().issuer).pathname.replace(/\/$/, "");
    if (below !== "" && pathname.startsWith(`${below}/`))
      request.url = (request.url ?? "").slice(below.length);
    await handle(request, response);
  }

  function showButtons(response: ServerResponse): void {
    const { issuer, sources } = model();
    html(response, 200, signInPage(withGroups(users, sources[0]), { action: PATHS.tokens, issuer }));
  }

  async function showTokens(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request);
    const user = userOf(form, response);
    if (user === undefined) return;
    const [first = ""] = clientIdsOf(model());
    const clientId = form.get("client_id") ?? first;
    const subject = subjectOf(sourceOfClient(model(), clientId), model().issuer, user);
    const made = await issuing.signIn(subject, clientId, form.get("scope") ?? "openid email profile");
    if (made.outcome === "refused") {
      json(response, 400, { error: made.error, error_description: made.why });
      return;
    }
    const { access_token, id_token, refresh_token } = made.tokens;
    if (!(request.headers.accept ?? "").includes("text/html")) {
      json(response, 200, made.tokens);
      return;
    }
    html(response, 200, tokensPage(user.userName, { access_token, id_token, refresh_token }));
  }

  async function showInteraction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params, uid } = await provider().interactionDetails(request, response);
    const clientId = String(params["client_id"]);
    const source = sourceOfClient(model(), clientId);
    html(
      response,
      200,
      signInPage(withGroups(users, source), {
        action: `${SIGN_IN_PATH}/${uid}`,
        issuer: model().issuer,
        forClient: clientId,
      }),
    );
  }

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await provider().interactionDetails(request, response);
    const user = userOf(await readForm(request), response);
    if (user === undefined) return;
    const source = sourceOfClient(model(), String(params["client_id"]));
    const accountId = subjectOf(source, model().issuer, user);
    await provider().interactionFinished(request, response, {
      login: { accountId, ts: Math.floor(options.now() / 1000) },
    });
  }

  /** The user whose button it was; `undefined` where there is none, which is answered then. */
  function userOf(form: URLSearchParams, response: ServerResponse): DemoUser | undefined {
    const name = form.get("user");
    const user = users.find(({ userName }) => userName === name);
    if (user !== undefined) return user;
    const names = users.map(({ userName }) => userName).join(", ");
    const why = `There is no user ${name ?? "without a name"}; there are ${names}.`;
    html(response, 400, problemPage("No sign-in", why));
    return undefined;
  }

  /** Cognito's `/logout`: ends its own session, and goes on to the app or to another sign-in. */
  function signOut(query: URLSearchParams, response: ServerResponse): void {
    const clientId = query.get("client_id") ?? "";
    const to = query.get("logout_uri") ?? query.get("redirect_uri") ?? "";
    const isSignIn = query.has("redirect_uri");
    const list = isSignIn ? "callbackUrls" : "logoutUrls";
    if (!isAllowedRedirect(model(), clientId, to, list)) {
      html(response, 400, problemPage("No sign-out", redirectRefusal(model(), clientId, to, list)));
      return;
    }
    const { session } = cookieNames(model().issuer);
    const over = "=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT";
    response.setHeader("set-cookie", [session + over, `${session}.sig${over}`]);
    redirect(response, isSignIn ? `${PATHS.authorization}?${query.toString()}` : to);
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const why = error instanceof Error ? error.message : String(error);
      html(response, 400, problemPage("No sign-in", `${why}. Begin again in the app.`));
    });
  };
}

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> =>
  new URLSearchParams(await text(request));

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(302, { location: to, "cache-control": "no-store" }).end();
}

function html(response: ServerResponse, status: number, page: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-frame-options": "DENY",
    })
    .end(page);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(value));
}
