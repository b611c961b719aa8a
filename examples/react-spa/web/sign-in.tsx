import { useState, type SubmitEvent } from "react";
import type { LoginAnswer } from "serverless-single-session/client";
import { DevicePicker, useSession } from "serverless-single-session/client/react";

type AtTheLimit = Extract<LoginAnswer, { outcome: "session-limit" }>;

/** The form; and where the policy asks at the limit, the picker of devices. */
export function SignIn() {
  const { logIn } = useSession();
  const [limit, setLimit] = useState<AtTheLimit>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  async function signIn(login: () => Promise<LoginAnswer>): Promise<void> {
    setIsBusy(true);
    const answer = await login();
    setIsBusy(false);
    setLimit(answer.outcome === "session-limit" && answer.atLimit === "ask" ? answer : undefined);
    setError(messageOf(answer));
  }

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [username, password] = [form.get("username") as string, form.get("password") as string];
    void signIn(() => logIn({ username, password }));
  }

  if (limit !== undefined) {
    return (
      <DevicePicker
        sessions={limit.sessions}
        isBusy={isBusy}
        onChoose={(choice) => void signIn(() => limit.choose(choice))}
        onCancel={() => setLimit(undefined)}
      />
    );
  }
  return (
    <form onSubmit={submit}>
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

function messageOf(answer: LoginAnswer): string | undefined {
  switch (answer.outcome) {
    case "signed-in":
      return undefined;
    case "session-limit":
      return "You are signed in on as many devices as you may be. Log out on one of them first.";
    case "unreachable":
      return "The service cannot be reached. Please try again.";
    case "refused":
      if (answer.problem.status === 401) return "User name or password is wrong.";
      if (answer.problem.status === 429) return "Too many attempts. Please wait a little.";
      return "You could not be signed in. Please try again.";
  }
}
