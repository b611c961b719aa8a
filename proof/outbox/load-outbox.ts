import type { createOutboxHandler } from "../../functions/outbox-handler.ts";
import { HERE } from "../model/product.ts";

/** What the search runs of the outbox, from one checkout. */
export interface LoadedOutbox {
  readonly createOutboxHandler: typeof createOutboxHandler;
}

/** Loads the outbox from the root of a checkout: this one, or a copy with a change to be tried. */
export async function loadOutbox(root: URL = HERE): Promise<LoadedOutbox> {
  const path = new URL("functions/outbox-handler.ts", root).href;
  return (await import(/* @vite-ignore */ path)) as LoadedOutbox;
}
