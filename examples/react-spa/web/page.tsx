import { useEffect, useState } from "react";
import { SignIn } from "./sign-in.tsx";
import { SignedOutNotice } from "./signed-out-notice.tsx";
import { useSession } from "./use-session.ts";

export function Page() {
  const { state, refresh } = useSession();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (state.status === "live") setError(undefined);
  }, [state.status]);

  async function logOut(): Promise<void> {
    const response = await fetch("/logout", { method: "POST" });
    if (!response.ok) setError("You could not be logged out. Please try again.");
    await refresh();
  }

  switch (state.status) {
    case "loading":
      return <p>Loading …</p>;
    case "unavailable":
      return (
        <p>
          The service cannot be reached. <button onClick={() => void refresh()}>Try again</button>
        </p>
      );
    case "signed-out":
      return (
        <>
          {state.ended && <SignedOutNotice ended={state.ended} />}
          <SignIn onSignedIn={refresh} />
        </>
      );
    case "live":
      return (
        <>
          <p>Hello, {state.userId}.</p>
          {error && <p role="alert">{error}</p>}
          <button onClick={() => void logOut()}>Log out</button>
        </>
      );
  }
}
