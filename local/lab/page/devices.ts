import type { DeviceAnswer, LabSettings } from "../shapes.ts";
import type { AskDevice, DeviceDeed, DeviceReply } from "./device-messages.ts";
import { byId, h } from "./dom.ts";

/** A device in its frame. */
export interface Device {
  readonly label: string;
  ask(deed: DeviceDeed, user: string): Promise<DeviceAnswer>;
}

export interface Devices {
  all(): readonly Device[];
  /** Waits until the page of each has loaded. */
  add(): Promise<void>;
  remove(): void;
}

const LONGEST_ANSWER_MS = 40_000;

export function createDevices(settings: LabSettings): Devices {
  const shown: (Device & { readonly element: HTMLElement })[] = [];
  const place = byId("devices");
  return {
    all: () => shown,
    async add() {
      const next = settings.devices[shown.length];
      if (next === undefined) return;
      const number = shown.length + 1;
      const frame = h("iframe", {
        src: `${next.origin}/_local`,
        title: `Device ${number}: ${next.label}`,
      });
      const element = h("div", { class: "screen" }, frame);
      const connection = connect(frame, next.origin);
      place.append(element);
      shown.push({ label: next.label, ask: (deed, user) => connection.ask(deed, user), element });
      place.dataset["count"] = String(shown.length);
      await connection.ready;
    },
    remove() {
      if (shown.length <= 2) return;
      shown.pop()?.element.remove();
      place.dataset["count"] = String(shown.length);
    },
  };
}

function connect(frame: HTMLIFrameElement, origin: string) {
  const waiting = new Map<number, (answer: DeviceAnswer) => void>();
  const ready = Promise.withResolvers<undefined>();
  let last = 0;
  addEventListener("message", (event: MessageEvent<DeviceReply>) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const { id, answer } = event.data;
    if (id === 0) ready.resolve(undefined);
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  return {
    ready: ready.promise,
    ask(deed: DeviceDeed, user: string): Promise<DeviceAnswer> {
      const id = ++last;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("the device did not answer")), LONGEST_ANSWER_MS);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        // A page that has not loaded yet hears nothing.
        void ready.promise.then(() =>
          frame.contentWindow?.postMessage({ id, deed, user } satisfies AskDevice, origin),
        );
      });
    },
  };
}
