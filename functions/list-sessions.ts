import { wireDirectory } from "./directory-wiring.ts";
import { createListSessionsHandler } from "./list-sessions-handler.ts";
import { wire } from "./wiring.ts";

const wiring = wire();

export const handler = createListSessionsHandler({ ...wiring, directory: wireDirectory(wiring) });
