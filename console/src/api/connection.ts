/** Whether the API can be reached, as far as the last call and the browser tell. */
export type Connection = "up" | "offline" | "unreachable";

let isAnswering = true;
const changes = new EventTarget();
const CHANGE = "change";

/** The browser's `fetch`; whether there are answers, whatever they say, tells of the connection. */
export async function noting(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, init);
    noteAnswer(true);
    return response;
  } catch (error) {
    // A question that was given up tells nothing.
    if (init.signal?.aborted !== true) noteAnswer(false);
    throw error;
  }
}

function noteAnswer(wasAnswered: boolean): void {
  if (isAnswering === wasAnswered) return;
  isAnswering = wasAnswered;
  changes.dispatchEvent(new Event(CHANGE));
}

export function connection(): Connection {
  if (!navigator.onLine) return "offline";
  return isAnswering ? "up" : "unreachable";
}

/** Calls `onChange` when {@link connection} may have changed. @returns what ends it. */
export function watchConnection(onChange: () => void): () => void {
  window.addEventListener("online", onChange);
  window.addEventListener("offline", onChange);
  changes.addEventListener(CHANGE, onChange);
  return () => {
    window.removeEventListener("online", onChange);
    window.removeEventListener("offline", onChange);
    changes.removeEventListener(CHANGE, onChange);
  };
}
