/** What a tab is told of the tabs that watch the same session in this browser. */
export interface TabEvents {
  /** Whether it leads from now on: it asks and connects for all of them. */
  readonly turn: (isLeading: boolean) => void;
  /** Nothing was heard of the one that leads, which may be frozen; this one is about to take over. */
  readonly silence: () => void;
  /** What another one told, or a beat of the one that leads. */
  readonly hear: (message: unknown) => void;
}

export interface Tabs {
  readonly tell: (message: unknown) => void;
  readonly leave: () => void;
}

/** Milliseconds between two signs of life of the one that leads; without one for so long, another leads. */
const BEAT_MS = 20_000;
const SILENCE_MS = 60_000;

/**
 * Joins the tabs that watch the same session. One leads, by a Web Lock; the others wait for the lock, and
 * hear by a `BroadcastChannel`. Where the browser lacks or forbids one of the two, each tab leads.
 */
export function joinTabs(name: string, { turn, silence, hear }: TabEvents): Tabs {
  let channel: BroadcastChannel | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let letGo = (): void => undefined;
  let isLeading = false;
  let isOver = false;

  const tell = (message: unknown): void => channel?.postMessage(message);
  function beat(): void {
    tell(0);
    timer = setTimeout(beat, BEAT_MS);
  }
  function lead(): void {
    isLeading = true;
    clearTimeout(timer);
    turn(true);
  }
  function listen(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      letGo();
      silence();
      listen();
      request(true);
    }, SILENCE_MS);
  }
  function request(steal: boolean): void {
    const waiting = new AbortController();
    const { signal } = waiting;
    letGo = () => waiting.abort();
    const hold = (): Promise<void> | undefined => {
      if (isOver) return undefined;
      lead();
      beat();
      return new Promise((resolve) => (letGo = resolve));
    };
    // What is stolen is not waited for, and takes no signal.
    navigator.locks.request(name, steal ? { steal } : { signal }, hold).catch(() => {
      if (isOver || signal.aborted) return;
      if (!isLeading) {
        lead();
        return;
      }
      clearTimeout(timer);
      isLeading = false;
      turn(false);
      listen();
      request(false);
    });
  }

  try {
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => {
      if (!isLeading) listen();
      hear(data);
    };
    listen();
    request(false);
  } catch {
    lead();
  }
  return {
    tell,
    leave() {
      isOver = true;
      clearTimeout(timer);
      letGo();
      channel?.close();
    },
  };
}
