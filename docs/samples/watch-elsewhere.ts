import { watchSession } from "serverless-single-session/client";

const watching = new AbortController();

watchSession({
  url: "https://api.example.com/session?watch=1",
  fetch: (url, init) => fetch(url, { ...init, credentials: "include" }),
  signal: watching.signal,
  onEnded: ({ code }) => {
    location.assign(`/signed-out?why=${code}`);
  },
});

document.querySelector("#log-out")?.addEventListener("click", () => {
  watching.abort();
});
