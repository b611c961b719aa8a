import { wireDirectory } from "./directory-wiring.ts";
import { createEndSessionHandler } from "./end-session-handler.ts";
import { wire } from "./wiring.ts";

const wiring = wire();

export const handler = createEndSessionHandler({ ...wiring, directory: wireDirectory(wiring) });
