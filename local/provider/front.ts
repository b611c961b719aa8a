import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import type { DemoUser } from "../../cli/demo-users.ts";
import { groupsOf, subjectOf } from "./claims.ts";
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
    const { pathname: below } = new URL(model().issuer);
    if (below.length > 1 && pathname.startsWith(`${below.replace(/\/$/, "")}/`)) {
      request.url = (request.url ?? "").slice(below.replace(/\/$/, "").length);
    }
    await handle(request, response);
  }

  function showButtons(response: ServerResponse): void {
    const { issuer, sources } = model();
    const shown = users.map((user) => ({
      userName: user.userName,
      groups: sources[0] ? groupsOf(sources[0], user) : [],
    }));
    html(response, 200, signInPage(shown, { action: PATHS.tokens, issuer }));
  }

  async function showTokens(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request);
    const user = users.find(({ userName }) => userName === form.get("user"));
    if (user === undefined) {
      unknownUser(form.get("user"), response);
      return;
    }
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
    const shown = users.map((user) => ({ userName: user.userName, groups: groupsOf(source, user) }));
    html(
      response,
      200,
      signInPage(shown, { action: `${SIGN_IN_PATH}/${uid}`, issuer: model().issuer, forClient: clientId }),
    );
  }

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await provider().interactionDetails(request, response);
    const name = (await readForm(request)).get("user");
    const user = users.find(({ userName }) => userName === name);
    if (user === undefined) {
      unknownUser(name, response);
      return;
    }
    const source = sourceOfClient(model(), String(params["client_id"]));
    const accountId = subjectOf(source, model().issuer, user);
    await provider().interactionFinished(request, response, {
      login: { accountId, ts: Math.floor(options.now() / 1000) },
    });
  }

  const unknownUser = (name: string | null, response: ServerResponse): void => {
    const names = users.map(({ userName }) => userName).join(", ");
    html(
      response,
      400,
      problemPage("No sign-in", `There is no user ${name ?? "without a name"}; there are ${names}.`),
    );
  };

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

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return new URLSearchParams(text);
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(302, { location: to, "cache-control": "no-store" }).end();
}

function html(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-frame-options": "DENY",
    })
    .end(text);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(value));
}
