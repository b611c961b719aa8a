/** The pages of the local provider: plain HTML, without scripts. */

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 8vh 16px 32px; background: Canvas; color: CanvasText; }
main { max-width: 26rem; margin: auto; }
main.wide { max-width: 52rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
p.about { color: color-mix(in srgb, CanvasText 75%, Canvas); font-size: .875rem; }
form { display: grid; gap: 8px; margin: 0 0 1.5rem; }
button { font: inherit; display: flex; justify-content: space-between; flex-wrap: wrap; gap: 0 16px; align-items: center; min-height: 48px; padding: 8px 16px;
  border: 1px solid color-mix(in srgb, CanvasText 60%, Canvas); border-radius: 8px; background: Canvas; color: inherit; cursor: pointer; text-align: start; }
button:hover { background: color-mix(in srgb, CanvasText 8%, Canvas); }
button:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
button span:first-child { font-weight: 600; overflow-wrap: anywhere; }
button span + span { font-size: .875rem; color: color-mix(in srgb, CanvasText 75%, Canvas); text-align: end; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
pre { margin: 0; padding: 12px; overflow-wrap: anywhere; white-space: pre-wrap; border-radius: 8px; font-size: .8125rem;
  background: color-mix(in srgb, CanvasText 8%, Canvas); }`;

const page = (title: string, content: string, size = ""): string =>
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<main${size === "" ? "" : ` class="${size}"`}>
${content}
</main>
</html>
`;

/** Somebody who has a button. */
export interface ShownUser {
  readonly userName: string;
  readonly groups: readonly string[];
}

/**
 * A button for each user.
 * @param what.action where the buttons lead.
 * @param what.issuer the provider that this stands for.
 * @param what.forClient the client that asked for the sign-in, where one did.
 */
export function signInPage(
  users: readonly ShownUser[],
  what: { readonly action: string; readonly issuer: string; readonly forClient?: string },
): string {
  const buttons = users.map(
    ({ userName, groups }) =>
      `<button name="user" value="${escaped(userName)}"><span>${escaped(userName)}</span>` +
      `<span>${escaped(groups.join(", "))}</span></button>`,
  );
  const about =
    what.forClient === undefined
      ? "A button shows the tokens of a new sign-in."
      : `For the client <b>${escaped(what.forClient)}</b>.`;
  return page(
    "Sign in",
    `<h1>Sign in</h1>
<p>${about} No password is asked for.</p>
<p class="about">On this machine only, in the place of<br>${escaped(what.issuer)}</p>
<form method="post" action="${escaped(what.action)}">
${buttons.join("\n")}
</form>
<p class="about"><code>--user name=group,group</code> makes other users.</p>`,
  );
}

/** The tokens of a user, and how to use them. */
export function tokensPage(userName: string, tokens: Readonly<Record<string, string>>): string {
  const section = (name: string): string =>
    `<h2>${escaped(name)}</h2>\n<pre>${escaped(tokens[name] ?? "")}</pre>`;
  return page(
    `Tokens of ${userName}`,
    `<h1>Tokens of ${escaped(userName)}</h1>
<p class="about">A new sign-in of ${escaped(userName)}. The access token goes into <code>Authorization: Bearer</code>, where the stack takes
access tokens; the id token into the body of <code>POST /login</code>, within five minutes. A terminal gets them
as JSON: <code>curl -d user=${escaped(encodeURIComponent(userName))}</code> to this address.</p>
${["access_token", "id_token", "refresh_token"].map(section).join("\n")}`,
    "wide",
  );
}

/** @param form the library's, which has what the sign-out needs. */
export const signOutPage = (form: string): string =>
  page(
    "Sign out",
    `<h1>Sign out</h1>
${form}
<form><button autofocus type="submit" form="op.logoutForm" value="yes" name="logout"><span>Sign out</span></button></form>`,
  );

/** What went wrong, such as an address that the client may not send people to. */
export const problemPage = (title: string, text: string): string =>
  page(title, `<h1>${escaped(title)}</h1>\n<p>${escaped(text)}</p>`);
