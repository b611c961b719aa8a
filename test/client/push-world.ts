import { vi } from "vitest";
import { watchSession, type WatchedPage, type WatchSessionOptions } from "../../client/watch-session.ts";
import frames from "./push-frames.json" with { type: "json" };

/** A browser of some tabs, as far as the client uses it, with an API and a push server that a test leads. */
export const { live: LIVE, server: SERVER, client: CLIENT } = frames;
/** How the session of a page ended. */
export const DISPLACED = { code: "session_displaced", by: { device: "Pixel" } };

/** The client's sockets, oldest first. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  /** What a page is forbidden by its policy, or by its own scheme. */
  static forbidden: "throws" | "closes" | "tells of an error" | undefined;
  static open(): FakeSocket[] {
    return FakeSocket.all.filter(({ isOpen }) => isOpen);
  }

  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: unknown[] = [];
  isOpen = true;
  #keepAlive: ReturnType<typeof setInterval> | undefined;
  onopen?: () => void;
  onclose?: () => void;
  onerror?: () => void;
  onmessage?: (event: { readonly data: unknown }) => void;

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.all.push(this);
    if (FakeSocket.forbidden === "throws") throw new DOMException("insecure", "SecurityError");
    if (FakeSocket.forbidden === "closes") queueMicrotask(() => this.drop());
    if (FakeSocket.forbidden === "tells of an error") queueMicrotask(() => this.onerror?.());
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isOpen = false;
    this.fallSilent();
    queueMicrotask(() => this.onclose?.());
  }

  /** The server's part. */
  tell(message: unknown): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }
  drop(): void {
    this.isOpen = false;
    this.fallSilent();
    this.onclose?.();
  }
  accept(): void {
    this.onopen?.();
    this.tell(SERVER.ack);
  }
  /** From then on it says each minute that it is there. */
  subscribe(): void {
    this.accept();
    this.tell(SERVER.subscribed);
    this.#keepAlive = setInterval(() => this.tell(SERVER.keepAlive), 60_000);
  }
  fallSilent(): void {
    clearInterval(this.#keepAlive);
  }
}

interface LockRequest {
  readonly hold: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly signal?: AbortSignal;
}

/** The Web Locks API with one kind of lock: its queue, `signal`, and `steal`. */
export class FakeLocks {
  readonly names = new Set<string>();
  readonly #held = new Map<string, LockRequest>();
  readonly #waiting: (readonly [string, LockRequest])[] = [];

  request(
    name: string,
    { signal, steal }: { readonly signal?: AbortSignal; readonly steal?: boolean },
    hold: () => unknown,
  ): Promise<unknown> {
    this.names.add(name);
    return new Promise((resolve, reject) => {
      const request: LockRequest = { hold, resolve, reject, ...(signal && { signal }) };
      if (steal === true) {
        this.#held.get(name)?.reject(new DOMException("stolen", "AbortError"));
        this.#held.delete(name);
        this.#waiting.unshift([name, request]);
      } else this.#waiting.push([name, request]);
      signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      queueMicrotask(() => this.#grant(name));
    });
  }
  #grant(name: string): void {
    if (this.#held.has(name)) return;
    const index = this.#waiting.findIndex(
      ([wanted, { signal }]) => wanted === name && signal?.aborted !== true,
    );
    const [[, request]] =
      index < 0 ? [[name, undefined]] : (this.#waiting.splice(index, 1) as [[string, LockRequest]]);
    if (request === undefined) return;
    this.#held.set(name, request);
    void Promise.resolve(request.hold()).then((value) => {
      if (this.#held.get(name) !== request) return;
      this.#held.delete(name);
      request.resolve(value);
      this.#grant(name);
    });
  }
}

/** A channel between tabs. */
export class FakeBroadcastChannel {
  static all = new Set<FakeBroadcastChannel>();
  readonly name: string;
  onmessage?: (event: { readonly data: unknown }) => void;

  constructor(name: string) {
    this.name = name;
    FakeBroadcastChannel.all.add(this);
  }
  postMessage(data: unknown): void {
    for (const other of FakeBroadcastChannel.all) {
      if (other === this || other.name !== this.name) continue;
      queueMicrotask(() => FakeBroadcastChannel.all.has(other) && other.onmessage?.({ data }));
    }
  }
  close(): void {
    FakeBroadcastChannel.all.delete(this);
  }
}

/** What `GET /session` answers. */
export class Api {
  live: unknown = LIVE;
  /** Set: a 401 with it. */
  ended: { readonly code: string; readonly by?: { readonly device: string } } | undefined;
  isDown = false;
  latencyMs = 0;
  /** Milliseconds from now on; far from now unless set. */
  idleMs = 100 * 3_600_000;
  /** When each question came, in milliseconds since the beginning of the test. */
  readonly askedAt: number[] = [];
  readonly beginning = Date.now();

  async answer(): Promise<Response> {
    this.askedAt.push(Date.now() - this.beginning);
    const { ended, isDown, live, idleMs } = this;
    if (this.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    if (isDown) throw new TypeError("Failed to fetch");
    if (ended !== undefined) return Response.json(ended, { status: 401 });
    const [idleExpiresAt, expiresAt] = [idleMs, idleMs + 1].map((ms) =>
      new Date(Date.now() + ms).toISOString(),
    );
    return Response.json({ session: { idleExpiresAt, expiresAt }, live });
  }
}

/** A page that watches. */
export class Tab extends EventTarget implements WatchedPage {
  visibilityState: "visible" | "hidden" = "visible";
  asked = 0;
  readonly onEnded = vi.fn();
  readonly watching = new AbortController();

  constructor(api: Api, options: Partial<WatchSessionOptions> = {}, isVisible = true) {
    super();
    if (!isVisible) this.visibilityState = "hidden";
    tabs.push(this);
    watchSession({
      url: "https://api.example.com/session?watch=1",
      page: this,
      signal: this.watching.signal,
      random: () => 0.5,
      onEnded: this.onEnded,
      fetch: () => {
        this.asked++;
        return api.answer();
      },
      ...options,
    });
  }
  turn(visibilityState: "visible" | "hidden"): void {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let tabs: Tab[] = [];
let page: EventTarget;

/** A browser with a clock that a test moves. */
export function openBrowser(): FakeLocks {
  vi.useFakeTimers();
  FakeSocket.all = [];
  FakeSocket.forbidden = undefined;
  FakeBroadcastChannel.all.clear();
  tabs = [];
  page = new EventTarget();
  const locks = new FakeLocks();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("BroadcastChannel", FakeBroadcastChannel);
  vi.stubGlobal("navigator", { locks });
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  return locks;
}

export function closeBrowser(): void {
  for (const { watching } of tabs) watching.abort();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
}

/** `pagehide` and the like; all tabs of a test have the same window. */
export function happen(type: string, more: object = {}): void {
  page.dispatchEvent(Object.assign(new Event(type), more));
}

export const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;

/** Lets a page ask for the first time, and connect. */
export async function connected(api: Api, options: Partial<WatchSessionOptions> = {}): Promise<Tab> {
  const tab = new Tab(api, options);
  await pass(3 * SECOND);
  FakeSocket.open().at(-1)?.subscribe();
  await pass(2 * SECOND);
  return tab;
}

/** The questions within the next milliseconds, in milliseconds from now. */
export async function questions(api: Api, milliseconds: number): Promise<readonly number[]> {
  const before = api.askedAt.length;
  const now = Date.now() - api.beginning;
  await pass(milliseconds);
  return api.askedAt.slice(before).map((at) => at - now);
}

/** The socket that is open. */
export const socket = (): FakeSocket => FakeSocket.open()[0]!;
export const tries = (): number => FakeSocket.all.length;
