import { watchSession } from "serverless-single-session/client";

watchSession({
  onEnded: ({ code, by }) => {
    const device = by !== undefined && "device" in by ? by.device : "another device";
    const text = code === "session_displaced" ? `You signed in on ${device}.` : "Please sign in again.";
    document.body.textContent = `You were signed out. ${text}`;
  },
});
