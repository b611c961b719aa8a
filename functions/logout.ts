import { createLogoutHandler } from "./logout-handler.ts";
import { wire } from "./wiring.ts";

export const handler = createLogoutHandler(wire());
