import { createAuthorizeHandler } from "./authorize-handler.ts";
import { wireValidation } from "./wiring.ts";

export const handler = createAuthorizeHandler(wireValidation());
