import { connect } from "./connection.ts";
import type { Live } from "./live.ts";

export interface LinkEvents {
  readonly random: () => number;
  /** To ask, soon. */
  readonly ask: () => void;
  /** The connection that there was is lost. */
  readonly lose: () => void;
}

/** A connection that is made again when it is lost. */
export interface Link {
  readonly isConnected: () => boolean;
  readonly open: (live: Live) => void;
  readonly close: () => void;
}

/** Milliseconds. */
const RECONNECT_MS = 10_000;
const LONGEST_RETRY_MS = 60_000;
const HOPELESS_RETRY_MS = 600_000;
const TRIES = 3;

export function createLink({ random, ask, lose }: LinkEvents): Link {
  let disconnect = (): void => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isConnected = false;
  let wasAccepted = false;
  let failures = 0;
  let admittedKey: string | undefined;
  let refusedKey: string | undefined;

  function open(live: Live): void {
    // A tab may be told twice that it leads, by a lock that comes while it takes it.
    disconnect();
    if (live.key === refusedKey) return;
    disconnect = connect(live, (event) => {
      if (event === "connection_ack") wasAccepted = true;
      if (event === "subscribe_success") {
        isConnected = true;
        failures = 0;
        admittedKey = live.key;
      }
      if (event === "subscribe_success" || event === "data" || event === "silent") ask();
      if (event !== "refused" && event !== "silent" && event !== "lost") return;
      // Who may listen depends on the channel alone: let in once and refused now, the authorizer has failed.
      if (event === "refused" && live.key !== admittedKey) refusedKey = live.key;
      else timer = setTimeout(open, isConnected ? random() * RECONNECT_MS : waitAfterFailure(live.url), live);
      // Once for a connection: each failed try would put off the next question again.
      if (isConnected) {
        isConnected = false;
        lose();
      }
    });
  }
  function waitAfterFailure(url: string): number {
    failures++;
    if (wasAccepted || failures < TRIES) {
      return random() * Math.min(500 * 2 ** failures, LONGEST_RETRY_MS);
    }
    if (failures === TRIES) {
      const source = url.replace(/(\w)\/.*/, "$1");
      // eslint-disable-next-line no-console -- Nothing else tells that a content policy forbids it.
      console.warn(
        `watchSession: cannot connect to ${source}, so it asks each minute. ` +
          `A Content-Security-Policy has to have connect-src ${source}.`,
      );
    }
    return HOPELESS_RETRY_MS;
  }
  return {
    isConnected: () => isConnected,
    open,
    close() {
      disconnect();
      clearTimeout(timer);
      isConnected = false;
    },
  };
}
