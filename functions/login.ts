import { deployedParts, wireLogin } from "./wiring.ts";

export const handler = wireLogin(deployedParts());
