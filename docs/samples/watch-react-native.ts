import { appStatePage, watchSession, type AppStateLike } from "serverless-single-session/client";

/** `appState` is `AppState` of react-native. */
export function watchApp(appState: AppStateLike, token: string, onSignedOut: (why: string) => void): void {
  watchSession({
    url: "https://api.example.com/session?watch=1",
    page: appStatePage(appState), // asks nothing in the background, and at once in front again
    fetch: (url, init) => fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } }),
    onEnded: ({ code }) => onSignedOut(code),
  });
}
