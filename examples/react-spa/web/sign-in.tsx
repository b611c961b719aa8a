import { useState, type SubmitEvent } from "react";

export function SignIn({ onSignedIn }: { readonly onSignedIn: () => Promise<void> }) {
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  async function signIn(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsBusy(true);
    setError(undefined);
    try {
      const response = await fetch("/login", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username: form.get("username"), password: form.get("password") }),
      });
      if (response.ok) await onSignedIn();
      else setError(messageOf(response.status));
    } catch {
      setError("The service cannot be reached. Please try again.");
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void signIn(event)}>
      <label>
        User name <input name="username" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button disabled={isBusy}>Sign in</button>
      {error && <p role="alert">{error}</p>}
    </form>
  );
}

function messageOf(status: number): string {
  if (status === 401) return "User name or password is wrong.";
  if (status === 429) return "Too many attempts. Please wait a little.";
  return "You could not be signed in. Please try again.";
}
