import { createAuthorizeHandler } from "./authorize-handler.ts";
import { wire } from "./wiring.ts";

export const handler = createAuthorizeHandler(wire());
