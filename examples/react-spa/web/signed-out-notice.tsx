import type { SessionEnded } from "serverless-single-session/client";

/** Says why the session ended, by whom and when. */
export function SignedOutNotice({ ended }: { readonly ended: SessionEnded }) {
  const when = ended.endedAt === undefined ? "" : ` at ${new Date(ended.endedAt).toLocaleTimeString()}`;
  return <p role="status">{textOf(ended, when)}</p>;
}

function textOf({ code, by }: SessionEnded, when: string): string {
  switch (code) {
    case "session_displaced": {
      const device = by !== undefined && "device" in by ? by.device : "another device";
      return `You signed in on ${device}${when}, so this page was signed out.`;
    }
    case "session_revoked":
      return `An administrator signed you out${when}.`;
    case "session_logged_out":
      return `You logged out on another device${when}.`;
    case "session_expired":
      return "You were signed out because of inactivity.";
    case "session_unknown":
    case "no_session":
      return "You are signed out.";
  }
}
