import { useState } from "react";
import { SignedOutNotice, useSession } from "serverless-single-session/client/react";
import { SignIn } from "./sign-in.tsx";

export function Page() {
  const { state, askAgain, logOut } = useSession();
  const [error, setError] = useState<string>();

  async function leave(): Promise<void> {
    const answer = await logOut();
    setError(answer.outcome === "ok" ? undefined : "You could not be logged out. Please try again.");
  }

  switch (state.status) {
    case "asking":
      return <p>Loading …</p>;
    case "unsure":
      return (
        <p>
          The service cannot be reached. <button onClick={askAgain}>Try again</button>
        </p>
      );
    case "signed-out":
      return (
        <>
          <SignedOutNotice />
          <SignIn />
        </>
      );
    case "signed-in":
      return (
        <>
          <SignedOutNotice />
          <p>Hello, {state.user.id}.</p>
          {error && <p role="alert">{error}</p>}
          <button onClick={() => void leave()}>Log out</button>
        </>
      );
  }
}
