import { createEndSessionHandler } from "./end-session-handler.ts";
import { wire } from "./wiring.ts";

export const handler = createEndSessionHandler(wire());
