import { createValidateHandler } from "./validate-handler.ts";
import { wireValidation } from "./wiring.ts";

export const handler = createValidateHandler(wireValidation());
