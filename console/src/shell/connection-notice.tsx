import Alert from "@cloudscape-design/components/alert";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore, type ReactNode } from "react";
import { own } from "../api/calls.ts";
import { connection, watchConnection } from "../api/connection.ts";
import { useTexts } from "../preferences/preferences.tsx";

/** How often a server that does not answer is asked again, in milliseconds. */
const PROBE_MS = 5000;

/** Says that the API cannot be reached, and reloads what is shown when it can be again. */
export function ConnectionNotice(): ReactNode {
  const { connection: texts } = useTexts();
  const queries = useQueryClient();
  const state = useSyncExternalStore(watchConnection, connection);
  const before = useRef(state);

  useEffect(() => {
    const wasDown = before.current !== "up";
    before.current = state;
    if (state === "up" && wasDown) void queries.refetchQueries({ type: "active" });
    // Offline, the browser says when it is time; nothing tells when a server is back.
    if (state !== "unreachable") return;
    const timer = setInterval(() => void own.session({ watch: true }), PROBE_MS);
    return () => clearInterval(timer);
  }, [state, queries]);

  // There from the beginning, so that what appears in it is read out.
  return (
    <div role="status">
      {state !== "up" && (
        <Alert type="warning" header={state === "offline" ? texts.offlineTitle : texts.unreachableTitle}>
          {texts.text}
        </Alert>
      )}
    </div>
  );
}
