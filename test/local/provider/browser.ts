import { createHash, randomBytes } from "node:crypto";

/** A browser at a local provider: it keeps the provider's cookies and presses a button. */
export class ProviderBrowser {
  readonly #cookies = new Map<string, string>();

  /** @returns the answer, with redirects as they are. */
  async open(url: string, form?: Record<string, string>): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie, accept: "text/html" },
      ...(form !== undefined && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Follows a sign-in from its first address, by the button of `name`, to where it leaves the provider. */
  async signIn(address: string, name: string): Promise<URL> {
    const { origin } = new URL(address);
    let url = address;
    for (let steps = 0; steps < 10; steps += 1) {
      const response = await this.open(url);
      const location = response.headers.get("location");
      if (location === null) {
        const page = await response.text();
        const action = /action="([^"]+)"/.exec(page)?.[1];
        if (action === undefined) throw new Error(`The provider answered ${response.status}: ${page}`);
        const done = await this.open(new URL(action, url).href, { user: name });
        url = new URL(done.headers.get("location") ?? "", url).href;
      } else {
        url = new URL(location, url).href;
      }
      if (new URL(url).origin !== origin) return new URL(url);
    }
    throw new Error("The provider sends the browser in circles.");
  }
}

/** The front end's half of the code flow with PKCE, at Cognito's paths. */
export function codeFlow(provider: string, clientId: string, redirectUri: string, more = {}) {
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    scope: "openid email profile",
    redirect_uri: redirectUri,
    state: "here",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  });
  const tokens = async (form: Record<string, string>): Promise<Record<string, string>> => {
    const body = new URLSearchParams({ client_id: clientId, ...form });
    const response = await fetch(`${provider}/oauth2/token`, { method: "POST", body });
    return (await response.json()) as Record<string, string>;
  };
  return {
    url: `${provider}/oauth2/authorize?${query.toString()}`,
    exchange: (back: URL) =>
      tokens({
        grant_type: "authorization_code",
        code: back.searchParams.get("code") ?? "",
        redirect_uri: redirectUri,
        code_verifier: verifier,
      }),
    refresh: (token: string) => tokens({ grant_type: "refresh_token", refresh_token: token }),
  };
}

/** The claims of a token, unverified. */
export const claimsOf = (token = ""): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
