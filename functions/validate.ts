import { createValidateHandler } from "./validate-handler.ts";
import { wire } from "./wiring.ts";

export const handler = createValidateHandler(wire());
