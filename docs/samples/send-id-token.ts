/** Starts the session here. Call it right after the sign-in at the provider. */
export async function startSession(idToken: string): Promise<"signed-in" | "sign-in-again" | "at-the-limit"> {
  const response = await fetch("/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ idToken }),
  });
  if (response.ok) return "signed-in"; // the browser has the cookie now
  if (response.status === 401) return "sign-in-again"; // too old, or used before
  if (response.status === 409) return "at-the-limit"; // the response lists the sessions to choose from
  throw new Error(`POST /login answered ${response.status}`);
}
